using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.SignIn;

/// <summary>A deployment that asks two factors of everybody.</summary>
public sealed class RequiredFactorTests(RequiredFactorTests.Fixture shared) : IClassFixture<RequiredFactorTests.Fixture>
{
    public sealed class Fixture : SharedServer
    {
        protected override TestServerSettings Settings => new() { Settings = { ["Accounts:SecondFactor"] = "Everybody", ["Accounts:RememberDeviceDays"] = "0" } };
    }

    [Fact, Spec("ASVS 6.3.3")]
    public async Task A_new_account_is_signed_in_only_after_a_factor_was_set_up()
    {
        using var browser = shared.Server.NewBrowser();
        var form = await browser.GetAsync("/register");
        var page = await browser.SubmitAsync(form, new Dictionary<string, string> { ["username"] = "newcomer", ["email"] = "newcomer@example.com", ["password"] = TestServer.Password });
        Assert.Equal("/login/enrol", page.Url.AbsolutePath);
        Assert.Null(await Steps.SessionAsync(browser));

        var app = new TestAuthenticator(shared.Server, page.Document.QuerySelector("[data-key]")!.TextContent);
        var wrong = await Steps.CodeAsync(browser, page, app.WrongCode());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal(app.Key, new TestAuthenticator(shared.Server, wrong.Document.QuerySelector("[data-key]")!.TextContent).Key);
        await Steps.CodeAsync(browser, wrong, app.Code());
        Assert.NotNull(await Steps.SessionAsync(browser));

        shared.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await Steps.SignOutAsync(browser);
        var next = await Steps.PasswordAsync(browser, new TestUser("", "newcomer", TestServer.Password));
        Assert.Equal("/login/factor", next.Url.AbsolutePath);
        Assert.Null(next.Document.QuerySelector("[name=trust]"));
        Assert.Equal("/account", (await Steps.CodeAsync(browser, next, app.Code(), trust: true)).Url.AbsolutePath);
        await Steps.SignOutAsync(browser);
        Assert.Equal("/login/factor", (await Steps.PasswordAsync(browser, new TestUser("", "newcomer", TestServer.Password))).Url.AbsolutePath);
    }

    [Fact]
    public async Task No_page_beside_the_due_one_lets_the_person_past()
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.SignInAsync(await browser.GetAsync(Authorization.Ask.Url("web")), shared.Alice.UserName, shared.Alice.Password);
        Assert.Equal("/login/enrol", page.Url.AbsolutePath);
        foreach (var path in new[] { "/login/factor", "/consent", "/select-account", "/connect/authorize/continue", "/account", "/account/email" })
        {
            var tried = await browser.GetAsync(path + page.Url.Query);
            Assert.True(tried.Callback is null && tried.Url.AbsolutePath is "/login/enrol" or "/login", $"{path} led to {tried.Url}");
        }

        Assert.Equal("login_required", (await browser.GetAsync(Authorization.Ask.Url("web", ("prompt", "none"))))["error"]);
    }
}
