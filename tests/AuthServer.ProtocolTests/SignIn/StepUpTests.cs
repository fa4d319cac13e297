using System.Net;
using AuthServer.Engine.Protocol;
using AuthServer.ProtocolTests.Security;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.SignIn;

/// <summary>A client asks for more than the session has: the person does what is missing, and nothing else.</summary>
public sealed class StepUpTests(OnSqlite shared) : IClassFixture<OnSqlite>
{
    private static int _people;

    private TestServer Server => shared.Server;

    [Theory, Spec("RFC 9470 §4"), Spec("OIDC Core §5.5.1.1")]
    [InlineData("acr_values", AuthenticationContexts.MultiFactor)]
    [InlineData("acr_values", "urn:example:gold urn:authserver:acr:mfa")]
    [InlineData("claims", """{"id_token":{"acr":{"essential":true,"values":["urn:authserver:acr:mfa"]}}}""")]
    public async Task A_client_that_wants_more_gets_one_further_step_and_the_session_goes_on(string parameter, string value)
    {
        var (user, app) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        await Steps.CodeAsync(browser, await Steps.PasswordAsync(browser, user), app.Code(), trust: true);
        await Steps.SignOutAsync(browser);
        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        await Steps.PasswordAsync(browser, user);

        var verifier = TestFlows.NewVerifier();
        var before = await Steps.ClaimsAsync(Server, await browser.GetAsync(Steps.Url(verifier)), verifier);
        Assert.Equal((AuthenticationContexts.SingleFactor, "pwd"), (before.GetProperty("acr").GetString(), Assert.Single(before.GetProperty("amr").EnumerateArray()).GetString()));
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        var page = await browser.GetAsync(Steps.Url(verifier, (parameter, value)));
        Assert.Equal("/login/factor", page.Url.AbsolutePath);
        Assert.Empty(page.Document.QuerySelectorAll("input[type=password]"));
        var after = await Steps.ClaimsAsync(Server, await Steps.CodeAsync(browser, page, app.Code()), verifier);
        Assert.Equal(AuthenticationContexts.MultiFactor, after.GetProperty("acr").GetString());
        Assert.Equal(["pwd", "otp", "mfa"], after.GetProperty("amr").EnumerateArray().Select(v => v.GetString()));
        Assert.Equal(before.GetProperty("sid").GetString(), after.GetProperty("sid").GetString());
        Assert.Equal(Server.Clock.GetUtcNow().ToUnixTimeSeconds(), after.GetProperty("auth_time").GetInt64());
    }

    [Fact, Spec("OIDC Unmet Authentication Requirements 1.0")]
    public async Task Without_a_page_what_is_missing_is_an_error()
    {
        var (user, app) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        await Steps.CodeAsync(browser, await Steps.PasswordAsync(browser, user), app.Code(), trust: true);
        await Steps.SignOutAsync(browser);
        await Steps.PasswordAsync(browser, user);
        Assert.Equal("unmet_authentication_requirements", (await browser.GetAsync(Steps.Url(TestFlows.NewVerifier(), ("prompt", "none"), ("acr_values", AuthenticationContexts.MultiFactor))))["error"]);
    }

    [Fact, Spec("OIDC Core §3.1.2.1")]
    public async Task Classes_of_which_none_is_known_here_are_a_wish_that_is_not_granted()
    {
        using var browser = Server.NewBrowser();
        var page = await browser.AuthorizeAsync(Steps.Url(TestFlows.NewVerifier(), ("acr_values", "urn:example:gold 0")), shared.Alice);
        Assert.NotNull(page["code"]);
    }

    [Fact, Spec("OIDC Core §5.5.1.1")]
    public async Task A_stronger_sign_in_answers_to_the_weaker_class_that_was_asked_for()
    {
        var (user, app) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        var verifier = TestFlows.NewVerifier();
        var page = await browser.SignInAsync(await browser.GetAsync(Steps.Url(verifier, ("acr_values", AuthenticationContexts.SingleFactor))), user.UserName, user.Password);
        var claims = await Steps.ClaimsAsync(Server, await Steps.CodeAsync(browser, page, app.Code()), verifier);
        Assert.Equal(AuthenticationContexts.SingleFactor, claims.GetProperty("acr").GetString());
    }

    [Fact, Spec("OIDC Registration §2")]
    public async Task A_client_may_be_registered_to_want_two_factors_of_everybody()
    {
        await Server.AddClientAsync(AttackedServer.ClientOf("bank") with { DefaultAcrValues = [AuthenticationContexts.MultiFactor] }, AttackedServer.Secret);
        var user = await Server.AddUserAsync($"saver{Interlocked.Increment(ref _people)}");
        using var browser = Server.NewBrowser();
        var page = await browser.SignInAsync(await browser.GetAsync(Steps.UrlOf("bank", TestFlows.NewVerifier())), user.UserName, user.Password);
        Assert.Equal("/login/enrol", page.Url.AbsolutePath);
        Assert.Null(await Steps.SessionAsync(browser));

        var app = new TestAuthenticator(Server, page.Document.QuerySelector("[data-key]")!.TextContent);
        var codes = await Steps.CodeAsync(browser, page, app.Code());
        Assert.Equal(10, codes.Document.QuerySelectorAll(".recovery-codes li").Length);
        Assert.NotNull((await browser.GetAsync(codes.Document.QuerySelector("a.btn-primary")!.GetAttribute("href")!))["code"]);
    }

    [Fact]
    public async Task Whoever_does_not_want_to_goes_back_to_the_app_with_a_refusal()
    {
        var (user, app) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        await Steps.CodeAsync(browser, await Steps.PasswordAsync(browser, user), app.Code(), trust: true);
        await Steps.SignOutAsync(browser);
        await Steps.PasswordAsync(browser, user);
        var page = await browser.GetAsync(Steps.Url(TestFlows.NewVerifier(), ("acr_values", AuthenticationContexts.MultiFactor)));
        Assert.Equal("access_denied", (await browser.SubmitAsync(page, new Dictionary<string, string>(), "cancel"))["error"]);
    }

    [Fact, Spec("ASVS 7.5.1")]
    public async Task Where_signing_in_is_changed_an_old_sign_in_is_not_enough_and_the_person_comes_back_after_a_new_one()
    {
        var user = await Server.AddUserAsync($"changer{Interlocked.Increment(ref _people)}");
        using var browser = Server.NewBrowser();
        await Steps.PasswordAsync(browser, user);
        Assert.Equal("/account/email", (await browser.GetAsync("/account/email")).Url.AbsolutePath);
        Server.Clock.Advance(TimeSpan.FromMinutes(11));
        var page = await browser.GetAsync("/account/email");
        Assert.Equal("/login", page.Url.AbsolutePath);
        page = await browser.SignInAsync(page, user.UserName, user.Password);
        Assert.Equal((HttpStatusCode.OK, "/account/email"), (page.Status, page.Url.AbsolutePath));
    }

    private async Task<(TestUser User, TestAuthenticator App)> NewPersonAsync()
    {
        var user = await Server.AddUserAsync($"stepper{Interlocked.Increment(ref _people)}");
        return (user, (await TestAuthenticator.SetUpAsync(Server, user.Id)).App);
    }
}
