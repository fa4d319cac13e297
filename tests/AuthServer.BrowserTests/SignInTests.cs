using AuthServer.Testing;
using Microsoft.Playwright;
using Xunit;

namespace AuthServer.BrowserTests;

[Collection(Chromium.Name)]
public sealed class SignInTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_signs_in_allows_the_app_and_is_back_at_it(bool javaScript)
    {
        var user = await chromium.AddUserAsync();
        var page = await chromium.NewPageAsync(new() { JavaScriptEnabled = javaScript });

        await page.GotoAsync(chromium.AuthorizeUrl(("login_hint", user.UserName)));
        Assert.Equal(user.UserName, await page.GetByLabel("User name or email address").InputValueAsync());
        Assert.Contains("to continue to Notes", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await ChromiumFixture.SignInAsync(page, user);

        Assert.Equal("Notes asks for access", await page.InnerTextAsync("h1"));
        Assert.Contains("See your email address", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();

        // Another origin after a form: the page's form-action named it, or Chromium would have stopped here.
        await page.ArriveAsync(chromium.Callback + "?code=*");
    }

    [Fact]
    [Spec("RFC 6749 §4.1.2.1")]
    public async Task Cancel_tells_the_app_that_the_person_refused()
    {
        var user = await chromium.AddUserAsync();
        var page = await chromium.NewPageAsync();

        await page.GotoAsync(chromium.AuthorizeUrl());
        await ChromiumFixture.SignInAsync(page, user);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await page.ArriveAsync(chromium.Callback + "?error=access_denied*");
    }

    [Fact]
    public async Task The_keyboard_alone_is_enough()
    {
        var user = await chromium.AddUserAsync();
        var page = await chromium.NewPageAsync();

        await page.GotoAsync(chromium.AuthorizeUrl());
        // The browser gives the focus when it first paints, which may be after the page has loaded.
        await page.Locator("input:focus").WaitForAsync();
        await page.Keyboard.TypeAsync(user.UserName);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(user.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync("**/consent?*");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await page.ArriveAsync(chromium.Callback + "?code=*");
    }

    [Fact]
    public async Task After_a_wrong_password_the_name_is_kept_and_the_cursor_stands_where_it_is_needed()
    {
        var user = await chromium.AddUserAsync();
        var page = await chromium.NewPageAsync();

        await page.GotoAsync("/login");
        await ChromiumFixture.SignInAsync(page, user with { Password = "not the right one" });

        Assert.Contains("do not match", await page.GetByRole(AriaRole.Alert).InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(user.UserName, await page.InputValueAsync("#username"));
        var password = page.Locator("#password");
        Assert.Equal("", await password.InputValueAsync());
        Assert.Equal("true", await password.GetAttributeAsync("aria-invalid"));
        await Assertions.Expect(password).ToBeFocusedAsync();
        await Assertions.Expect(password).ToHaveAccessibleDescriptionAsync("Check both, and type the password again.");
    }

    [Fact]
    public async Task A_password_can_be_shown_and_hidden_again()
    {
        var user = await chromium.AddUserAsync();
        var page = await chromium.NewPageAsync();

        await page.GotoAsync("/login");
        await page.FillAsync("#password", user.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show password" }).ClickAsync();
        Assert.Equal("text", await page.GetAttributeAsync("#password", "type"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Hide password" }).ClickAsync();
        Assert.Equal("password", await page.GetAttributeAsync("#password", "type"));
    }

    [Fact]
    public async Task Prompt_create_leads_to_a_new_account_and_on_to_the_app()
    {
        var page = await chromium.NewPageAsync();

        await page.GotoAsync(chromium.AuthorizeUrl(("prompt", "create")));
        await page.GetByLabel("User name").FillAsync("carol");
        await page.GetByLabel("Email address").FillAsync("carol@example.org");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(TestServer.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();

        await page.ArriveAsync(chromium.Callback + "?code=*");
    }

    [Fact]
    public async Task Access_once_given_can_be_taken_back()
    {
        var user = await chromium.AddUserAsync();
        var page = await chromium.NewPageAsync();
        await page.GotoAsync(chromium.AuthorizeUrl());
        await ChromiumFixture.SignInAsync(page, user);
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
        await page.ArriveAsync(chromium.Callback + "?code=*");

        await page.GotoAsync("/account/apps");
        await page.Locator("summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove access of Notes" }).ClickAsync();
        await Assertions.Expect(page.GetByText("No app has access yet.")).ToBeVisibleAsync();

        await page.GotoAsync(chromium.AuthorizeUrl());
        Assert.Equal("Notes asks for access", await page.InnerTextAsync("h1"));
    }

    [Fact]
    [Spec("OpenID Connect RP-Initiated Logout 1.0 §2")]
    public async Task Signing_out_is_confirmed_and_leads_back_to_the_app()
    {
        var user = await chromium.AddUserAsync();
        var page = await chromium.NewPageAsync();
        await page.GotoAsync("/login");
        await ChromiumFixture.SignInAsync(page, user);
        await page.ArriveAsync(chromium.Server.Issuer + "/account");

        await page.GotoAsync(chromium.LogoutUrl());
        Assert.Contains("Notes asks to sign you out here.", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.ArriveAsync(chromium.Callback);

        await page.GotoAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_form_without_its_cookie_is_refused_with_a_page_that_says_what_to_do()
    {
        var page = await chromium.NewPageAsync();
        await page.GotoAsync("/login");
        await page.Context.ClearCookiesAsync();
        await ChromiumFixture.SignInAsync(page, new TestUser("x", "nobody", "nothing"));

        Assert.Equal("This page could not be sent", await page.InnerTextAsync("h1"));
    }
}
