using AuthServer.Engine.Administration;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

/// <summary>The pages of somebody who is signed in.</summary>
[Collection(Chromium.Name)]
public sealed class AccountPageTests(ChromiumFixture chromium)
{
    private static readonly string[] Paths = ["", "/profile", "/password", "/sessions", "/apps", "/keys", "/keys/new", "/activity", "/data", "/delete"];

    private async Task<IPage> SignedInAsync(TestUser user, BrowserNewContextOptions? options = null)
    {
        var page = await chromium.NewPageAsync(options);
        await page.GotoAsync("/login?next=/account");
        await ChromiumFixture.SignInAsync(page, user);
        await page.ArriveAsync("**/account");
        return page;
    }

    /// <summary>Somebody with something on every page: a name too long for its line, devices, apps, events.</summary>
    private async Task<TestUser> BusyUserAsync()
    {
        var user = await chromium.AddUserAsync();
        var now = TimeProvider.System.GetUtcNow();
        var services = chromium.Server.Services;
        var session = new Session
        {
            Id = "", UserId = user.Id, KeyHash = new byte[32], CreatedAt = now.AddDays(-3), AuthTime = now.AddDays(-3), Amr = ["pwd"], Acr = AuthenticationContexts.SingleFactor, LastSeenAt = now.AddHours(-5),
            ExpiresAt = now.AddDays(3), Persistent = true,
        };
        foreach (var (name, agent) in new[] { ("a", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"), ("b", "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0") })
            await services.GetRequiredService<ISessionStore>().AddAsync(session with { Id = name + user.UserName, UserAgent = agent, Address = "2001:db8:85a3:8d3:1319:8a2e:370:7348" }, CancellationToken.None);
        await services.GetRequiredService<IConsentStore>().SaveAsync(user.Id, "notes", ScopeSet.Parse("openid profile email offline_access"), now.AddDays(-40), CancellationToken.None);
        foreach (var kind in Enum.GetValues<AuditKind>().Concat(Enum.GetValues<AuditKind>())) services.GetRequiredService<IAuditTrail>().Record(new AuditEvent(kind, "notes", user.Id, Address: "203.0.113.7", Detail: "wrong password"));
        foreach (var name in new[] { "Backup script", "Build-server-with-a-name-that-is-too-long-for-one-line-of-a-telephone" })
        {
            var owner = new Actor { Kind = ActorKind.User, Id = user.Id, Rights = new HashSet<string>() };
            var made = await services.GetRequiredService<ApiKeyAdministration>().CreateAsync(owner, new ApiKeyForm { UserId = user.Id, Name = name, Scopes = ["openid", "profile"] }, CancellationToken.None);
            Assert.True(made.TryGet(out var key, out _));
            if (name[1] == 'u') await services.GetRequiredService<ApiKeyAdministration>().RevokeAsync(owner, key.Listed.Key.Id, null, CancellationToken.None);
        }

        await services.GetRequiredService<AuditTrail>().FlushAsync(CancellationToken.None);
        return user;
    }

    [Theory]
    [InlineData(ColorScheme.Light, 320), InlineData(ColorScheme.Dark, 320), InlineData(ColorScheme.Light, 1280), InlineData(ColorScheme.Dark, 1280)]
    public async Task Every_page_is_accessible_and_fits_its_window(ColorScheme scheme, int width)
    {
        var page = await SignedInAsync(await BusyUserAsync(), new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        var blocked = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase)) blocked.Add(page.Url + ": " + message.Text);
        };

        foreach (var path in Paths)
        {
            var response = await page.GotoAsync("/account" + path);
            Assert.Equal(200, response!.Status);
            Assert.InRange((await response.BodyAsync()).Length, 1_000, 60_000);
            if (path == "/apps") await page.Locator("summary").ClickAsync();
            await page.AssertNoViolationsAsync();
            Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), page.Url + " is wider than its window");
            Assert.Equal(1, await page.Locator(".side [aria-current]").CountAsync());
            Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('input:not([type=hidden]), select, textarea')].every(i => parseFloat(getComputedStyle(i).fontSize) >= 16)"), page.Url + " makes phones zoom in");
        }

        await page.GotoAsync("/account/password");
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync("short");
        await page.GetByLabel("Current password", new() { Exact = true }).FillAsync("not the right one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Assertions.Expect(page.Locator("#new-fault")).ToBeVisibleAsync();
        await page.AssertNoViolationsAsync();
        Assert.Empty(blocked);
    }

    [Fact]
    public async Task Right_to_left_nothing_runs_out_of_the_window()
    {
        var page = await SignedInAsync(await BusyUserAsync(), new() { ViewportSize = new() { Width = 320, Height = 800 } });
        foreach (var path in Paths)
        {
            await page.GotoAsync("/account" + path);
            await page.EvaluateAsync("document.documentElement.dir = 'rtl'");
            Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), page.Url + " is wider than the phone");
        }
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task The_profile_is_saved_and_the_password_changed_with_and_without_script(bool javaScript)
    {
        var user = await chromium.AddUserAsync();
        var page = await SignedInAsync(user, new() { JavaScriptEnabled = javaScript });

        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Profile" }).ClickAsync();
        await page.GetByLabel("Full name").FillAsync("Alice Adams");
        await page.GetByLabel("Time zone").SelectOptionAsync("Europe/Berlin");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Your profile is saved.");
        Assert.Equal("Europe/Berlin", await page.GetByLabel("Time zone").InputValueAsync());

        await page.GotoAsync("/account/password");
        await page.GetByLabel("Current password", new() { Exact = true }).FillAsync(user.Password);
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync("seven unrelated garden chairs");
        Assert.True(await page.GetByLabel("Sign out everywhere else").IsCheckedAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await page.ArriveAsync("**/account?done=password");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Alice Adams" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Your password is changed.");
    }

    [Fact]
    public async Task While_a_password_is_typed_the_page_says_how_strong_it_is()
    {
        var page = await SignedInAsync(await chromium.AddUserAsync());
        await page.GotoAsync("/account/password");
        var hint = page.GetByRole(AriaRole.Status);

        await page.GetByLabel("New password", new() { Exact = true }).FillAsync("short");
        await Assertions.Expect(hint).ToHaveTextAsync("Too short so far.");
        await page.GetByLabel("New password", new() { Exact = true }).FillAsync("seven unrelated garden chairs");
        await Assertions.Expect(hint).ToHaveTextAsync("Strong.");
    }

    [Fact]
    public async Task The_copy_of_the_data_is_saved_as_a_file_and_the_button_can_be_pressed_again()
    {
        var page = await SignedInAsync(await chromium.AddUserAsync());
        await page.GotoAsync("/account/data");

        for (var i = 0; i < 2; i++)
        {
            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Download your data" }).ClickAsync());
            Assert.EndsWith(".json", download.SuggestedFilename, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_keyboard_skips_the_menu()
    {
        var page = await SignedInAsync(await chromium.AddUserAsync());
        await page.GotoAsync("/account/data");

        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Download your data" })).ToBeFocusedAsync();
    }
}
