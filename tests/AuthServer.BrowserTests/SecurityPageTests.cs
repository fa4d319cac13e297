using System.Diagnostics;
using System.Text.RegularExpressions;
using AuthServer.Testing;
using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

/// <summary>The page about how a person signs in, with a virtual authenticator and with the codes of an independent program.</summary>
[Collection(Chromium.Name)]
public sealed partial class SecurityPageTests(ChromiumFixture chromium)
{
    private async Task<(IPage Page, ICDPSession Devices, TestUser User)> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var user = await chromium.AddUserAsync();
        var page = await chromium.NewPageAsync(options);
        var devices = await page.Context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
        await page.GotoAsync("/login?next=/account/security");
        await ChromiumFixture.SignInAsync(page, user);
        await page.ArriveAsync("**/account/security");
        return (page, devices, user);
    }

    [Fact, Spec("Web Authentication Level 3 §7")]
    public async Task A_passkey_is_added_renamed_used_to_sign_in_and_removed()
    {
        var (page, _, user) = await OpenAsync();
        await Assertions.Expect(page.GetByText("Passkeys need JavaScript")).ToBeHiddenAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your recovery codes" })).ToBeVisibleAsync();
        Assert.Equal(10, await page.Locator(".recovery-codes code").CountAsync());
        await page.AssertNoViolationsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        await Assertions.Expect(page.Locator(".rows-title")).ToContainTextAsync("Chrome on Linux");
        await Assertions.Expect(page.GetByText("Codes left: 10")).ToBeVisibleAsync();

        // The same device once more: the browser says that it is known.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("This device has a passkey for this account already.");

        await page.GetByText("Rename or remove").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Work laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await Assertions.Expect(page.Locator(".rows-title")).ToContainTextAsync("Work laptop");
        await page.AssertNoViolationsAsync();

        await page.GotoAsync("/logout");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.ArriveAsync("**/logout/done");
        await page.GotoAsync("/login?next=/account/security");
        await SignInWithPasskeyAsync(page);
        await page.ArriveAsync("**/account/security");
        await Assertions.Expect(page.Locator(".top-person")).ToContainTextAsync(user.UserName);
        await Assertions.Expect(page.GetByText("not used yet")).ToHaveCountAsync(0);

        await page.GetByText("Rename or remove").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Work laptop" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("The passkey is removed.");
        await Assertions.Expect(page.Locator(".rows-title")).ToHaveCountAsync(0);
        // With the last strong factor the recovery codes are gone.
        await Assertions.Expect(page.GetByText("You get them when you add")).ToBeVisibleAsync();
    }

    /// <summary>The browser may offer the passkey by itself, in the list of names; with a virtual authenticator it is chosen at once.</summary>
    private static async Task SignInWithPasskeyAsync(IPage page)
    {
        try
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync(new() { Timeout = 5_000 });
        }
        catch (PlaywrightException) when (!page.Url.Contains("/login", StringComparison.Ordinal))
        {
            // It was faster.
        }
        catch (TimeoutException) when (!page.Url.Contains("/login", StringComparison.Ordinal))
        {
        }
    }

    [Fact, Spec("RFC 6238 §4")]
    public async Task An_app_is_set_up_with_the_codes_of_another_program_and_removed()
    {
        var (page, _, _) = await OpenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Set up an app" }).ClickAsync();
        await page.AssertNoViolationsAsync();
        Assert.True(await page.Locator(".authenticator img").EvaluateAsync<bool>("image => image.complete && image.naturalWidth > 0"));
        var key = (await page.Locator("[data-key]").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal);

        await page.GetByLabel("Code", new() { Exact = true }).FillAsync("not a code");
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Assertions.Expect(page.Locator("#code-fault")).ToContainTextAsync("Codes change every 30 seconds");
        Assert.Equal(key, (await page.Locator("[data-key]").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal));

        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(await CodeOfAsync(key));
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        var codes = await page.Locator(".recovery-codes code").AllTextContentsAsync();
        Assert.Equal(10, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches(RecoveryCode, code));
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(page.Locator(".side")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".recovery-codes")).ToBeVisibleAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Screen });

        await page.GotoAsync("/account/security/recovery-codes");
        await page.AssertNoViolationsAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make new codes" }).ClickAsync();
        Assert.Empty((await page.Locator(".recovery-codes code").AllTextContentsAsync()).Intersect(codes));

        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        await page.GetByText("Remove the app").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Authenticator app" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("The authenticator app is removed.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere else" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Set up an app" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 320), InlineData(ColorScheme.Dark, 320), InlineData(ColorScheme.Light, 1280), InlineData(ColorScheme.Dark, 1280)]
    public async Task The_pages_are_accessible_and_fit_their_window(ColorScheme scheme, int width)
    {
        var (page, _, _) = await OpenAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
        await CheckAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.Locator(".recovery-codes").WaitForAsync();
        await CheckAsync(page);
        await page.GotoAsync("/account/security");
        await page.GetByText("Rename or remove").ClickAsync();
        await CheckAsync(page);
        foreach (var path in new[] { "app", "recovery-codes" })
        {
            await page.GotoAsync("/account/security/" + path);
            await CheckAsync(page);
        }
    }

    [Fact]
    public async Task Without_script_the_page_says_why_no_passkey_can_be_added()
    {
        var user = await chromium.AddUserAsync();
        var page = await chromium.NewPageAsync(new() { JavaScriptEnabled = false });
        await page.GotoAsync("/login?next=/account/security");
        await ChromiumFixture.SignInAsync(page, user);
        await page.ArriveAsync("**/account/security");
        await Assertions.Expect(page.GetByText("Passkeys need JavaScript")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" })).ToBeHiddenAsync();
    }

    private static async Task CheckAsync(IPage page)
    {
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { } folder)
        {
            var size = page.ViewportSize!;
            var dark = await page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches");
            await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(folder, $"{size.Width}-{(dark ? "dark" : "light")}-{Directory.GetFiles(folder).Length}.png") });
        }

        await page.AssertNoViolationsAsync();
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), page.Url + " is wider than its window");
    }

    private static async Task<string> CodeOfAsync(string key)
    {
        using var oathtool = Process.Start(new ProcessStartInfo("oathtool", ["--totp", "-b", key]) { RedirectStandardOutput = true })!;
        var code = (await oathtool.StandardOutput.ReadToEndAsync()).Trim();
        await oathtool.WaitForExitAsync();
        return code;
    }

    [GeneratedRegex(@"\A[2-9a-z]{5}-[2-9a-z]{5}\z")]
    private static partial Regex RecoveryCode { get; }
}
