using System.Text.Json;
using AuthServer.Engine.Accounts;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

/// <summary>Somebody who knows nothing of the code, from the link on the console to a role in an app's token, all in the browser.</summary>
[Collection(Chromium.Name)]
public sealed class AdminJourneyTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData(Hands.Mouse, 1280)]
    [InlineData(Hands.Keyboard, 1280)]
    [InlineData(Hands.NoScript, 320)]
    public async Task From_the_link_on_the_console_to_a_role_in_the_token(Hands hands, int width)
    {
        await using var server = await TestServer.StartAsync(new TestServerSettings { Kestrel = true });
        var code = await server.Services.GetRequiredService<FirstAdministrator>().NewCodeAsync(CancellationToken.None);
        var app = SpaSample.FreeUrl();
        var context = await chromium.Browser.NewContextAsync(new() { BaseURL = server.Issuer, ViewportSize = new() { Width = width, Height = 800 }, JavaScriptEnabled = hands != Hands.NoScript });
        context.SetDefaultTimeout(20_000);
        var operators = new Visitor(await context.NewPageAsync(), hands);

        await BecomeAdministratorAsync(operators, "/setup?code=" + code);
        await MakeAsync(operators, "Rights", "New right", ("Name", "notes:write"));
        await operators.SeesAsync("notes:write");
        await MakeAsync(operators, "Roles", "New role", ("Name", "editor"), ("Description", "Writes notes"));
        await operators.SeesAsync("editor");
        await operators.FillAsync("Add a right", "notes:write");
        await operators.PressAsync("Add");
        await Assertions.Expect(operators.Page.GetByRole(AriaRole.Button, new() { Name = "Remove notes:write" })).ToBeVisibleAsync();

        await MakeUserAsync(operators);
        var clientId = await MakeClientAsync(operators, app + "/callback.html");

        await using (await SpaSample.StartAsync(app, server.Issuer, clientId, "openid profile email"))
        {
            var claims = await SignInToSampleAsync(app);
            Assert.Equal(["editor"], claims.GetProperty("roles").EnumerateArray().Select(static r => r.GetString()));
            Assert.Equal("Grace Hopper", claims.GetProperty("name").GetString());
        }

        // What they did is told afterwards.
        await operators.GoAsync("/admin/audit");
        await operators.SeesAsync("Audit");
        await Assertions.Expect(operators.Page.Locator("#results")).ToContainTextAsync("Membership changed");
        await context.CloseAsync();
    }

    private static async Task BecomeAdministratorAsync(Visitor operators, string link)
    {
        await operators.GoAsync(link);
        await operators.FillAsync("User name", "boss");
        await operators.FillAsync("Email address", "boss@example.com");
        await operators.FillAsync("Password", TestServer.Password);
        await operators.PressAsync("Create administrator");
        await operators.Page.ArriveAsync("**/account");
        await operators.FollowAsync("Administration");
        await operators.SeesAsync("Dashboard");
    }

    private static async Task MakeAsync(Visitor operators, string section, string title, params (string Label, string Text)[] fields)
    {
        await operators.FollowAsync(section);
        await operators.SeesAsync(section);
        await operators.FollowAsync(title);
        await operators.SeesAsync(title);
        foreach (var (label, text) in fields) await operators.FillAsync(label, text);
        await operators.PressAsync("Create");
    }

    private static async Task MakeUserAsync(Visitor operators)
    {
        await operators.FollowAsync("Users");
        await operators.FollowAsync("New user");
        await operators.FillAsync("User name", "grace");
        await operators.FillAsync("First name", "Grace");
        await operators.FillAsync("Last name", "Hopper");
        await operators.FillAsync("Password", TestServer.Password);
        await operators.CheckAsync("Only until the first sign-in");
        await operators.PressAsync("Create user");
        await operators.SeesAsync("Grace Hopper");
        await operators.FillAsync("Add a role", "editor");
        await operators.PressAsync("Add");
        await Assertions.Expect(operators.Page.GetByRole(AriaRole.Button, new() { Name = "Remove editor" })).ToBeVisibleAsync();
    }

    private static async Task<string> MakeClientAsync(Visitor operators, string redirectUri)
    {
        await operators.FollowAsync("Clients");
        await operators.FollowAsync("New client");
        await operators.SeesAsync("What is the app?");
        await operators.Page.GetByRole(AriaRole.Link, new() { Name = "Single-page app" }).PressAsync("Enter");
        await operators.SeesAsync("New single-page app");
        await operators.FillAsync("Name", "My notes");
        await operators.FillAsync("Redirect URIs", redirectUri);
        await operators.CheckAsync("Roles");
        await operators.CheckAsync("This is an app of ours");
        await operators.PressAsync("Create client");
        await operators.SeesAsync("“My notes” is ready");
        await Assertions.Expect(operators.Page.Locator("pre").First).ToContainTextAsync(redirectUri);
        return await operators.Page.Locator("dt:has(code:text-is('client_id')) + dd code").InnerTextAsync();
    }

    private async Task<JsonElement> SignInToSampleAsync(string app)
    {
        var page = await chromium.NewPageAsync();
        await page.GotoAsync(app);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("User name or email address").FillAsync("grace");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(TestServer.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#who")).ToHaveTextAsync("Signed in as Grace Hopper.", new() { Timeout = 20_000 });
        var claims = JsonSerializer.Deserialize<JsonElement>(await page.Locator("#output").InnerTextAsync());
        await page.Context.CloseAsync();
        return claims;
    }
}
