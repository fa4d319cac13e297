using AuthServer.Engine.Accounts;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

/// <summary>The pages of the further steps of a sign-in, of mails and of other providers: accessible in light and dark, on the smallest phone and on a wide screen.</summary>
[Collection(Chromium.Name)]
public sealed class StepPageTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData(320, ColorScheme.Light), InlineData(320, ColorScheme.Dark), InlineData(1280, ColorScheme.Light), InlineData(1280, ColorScheme.Dark)]
    public async Task Every_step_is_accessible_and_fits(int width, ColorScheme scheme)
    {
        var user = await chromium.AddUserAsync();
        var mail = user.UserName + "@example.com";
        await GiveMailCodesAsync(user, mail);
        var (_, codes) = await TestAuthenticator.SetUpAsync(chromium.Server, user.Id);
        var page = await chromium.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 700 } });

        foreach (var path in new[] { "/login", "/forgot", "/reset?code=old", "/confirm?code=old", "/dev/mail", "/login/upstream/google/callback?state=old" }) await LookAsync(page, path);

        await page.GotoAsync("/login");
        await ChromiumFixture.SignInAsync(page, user);
        await page.ArriveAsync("**/login/factor*");
        foreach (var method in new[] { "app", "mail", "recovery" }) await LookAsync(page, "/login/factor?method=" + method);
        await page.FillAsync("[name=code]", "wrong-code-1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByText("That recovery code is not right").WaitForAsync();
        await CheckAsync(page);
        await page.GotoAsync("/login/factor?method=mail");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the code" }).ClickAsync();
        await page.GetByText("We sent a code").WaitForAsync();
        await CheckAsync(page);
        await page.FillAsync("[name=code]", await chromium.Server.Mail.CodeAsync(mail));
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await ArrivesAsync(page, "**/account");
        foreach (var path in new[] { "/account", "/account/email", "/account/connections", "/account/security" }) await LookAsync(page, path);

        // Two steps are not two factors: the app that wants two gets one more.
        await LookAsync(page, chromium.AuthorizeUrl(("acr_values", AuthenticationContexts.MultiFactor)));
        Assert.Contains("/login/factor", page.Url, StringComparison.Ordinal);
        Assert.NotEmpty(codes);

        var newcomer = await chromium.AddUserAsync();
        var fresh = await chromium.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 700 } });
        await fresh.GotoAsync(chromium.AuthorizeUrl(("acr_values", AuthenticationContexts.MultiFactor)));
        await ChromiumFixture.SignInAsync(fresh, newcomer);
        await fresh.ArriveAsync("**/login/enrol?*");
        await CheckAsync(fresh);
        await fresh.Locator("summary").ClickAsync();
        await fresh.FillAsync("[name=code]", await Visitor.CodeAsync(await fresh.Locator("[data-key]").InnerTextAsync()));
        await fresh.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await fresh.GetByText("Your recovery codes").First.WaitForAsync();
        await CheckAsync(fresh);
        await fresh.GetByRole(AriaRole.Link, new() { Name = "I have kept them" }).ClickAsync();
        await fresh.ArriveAsync("**/consent?*");
    }

    /// <summary>Says what the page says where the person got stuck.</summary>
    private static async Task ArrivesAsync(IPage page, string url)
    {
        try
        {
            await page.ArriveAsync(url);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{page.Url}: {await page.InnerTextAsync("main")}");
        }
    }

    private static async Task LookAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await CheckAsync(page);
    }

    private static async Task CheckAsync(IPage page)
    {
        await page.AssertNoViolationsAsync();
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), page.Url + " is wider than the screen");
    }

    private async Task GiveMailCodesAsync(TestUser user, string mail)
    {
        await using var scope = chromium.Server.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var person = (await users.FindByIdAsync(user.Id))!;
        (person.Email, person.EmailConfirmed) = (mail, true);
        await users.UpdateAsync(person);
        await chromium.Server.Services.GetRequiredService<EmailCodes>().SetEnabledAsync(user.Id, on: true, CancellationToken.None);
    }
}
