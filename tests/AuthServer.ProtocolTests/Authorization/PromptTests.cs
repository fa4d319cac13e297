using System.Net;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Authorization;

/// <summary>What <c>prompt</c>, hints and claims make the person do.</summary>
public sealed class PromptTests(PromptTests.Fixture shared) : IClassFixture<PromptTests.Fixture>
{
    public sealed class Fixture : SharedServer
    {
        public TestUser Bob { get; private set; } = null!;

        protected override async Task PrepareAsync()
        {
            await Server.AddClientAsync(Web("asker") with { ConsentType = ConsentTypes.Explicit }, Secret);
            Bob = await Server.AddUserAsync("bob");
        }
    }

    [Theory, Spec("OIDC Initiating User Registration §3")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Create_leads_to_the_form_for_a_new_account_and_from_there_back_to_the_app(bool signedIn)
    {
        using var browser = signedIn ? await Ask.SignedInAsync(shared.Server, shared.Alice) : shared.Server.NewBrowser();
        var verifier = TestFlows.NewVerifier();
        var page = await browser.GetAsync(Ask.Url("web", ("prompt", "create"), ("code_challenge", TestFlows.ChallengeOf(verifier))));
        Assert.Equal("/register", page.Url.AbsolutePath);
        var name = signedIn ? "carol" : "dora";

        page = await browser.SubmitAsync(page, new Dictionary<string, string> { ["username"] = name, ["email"] = name + "@example.com", ["given_name"] = name, ["family_name"] = "New", ["password"] = TestServer.Password });

        Assert.Equal("st", page["state"]);
        Assert.DoesNotContain(await Ask.SubjectAsync(shared.Server, page["code"]!, verifier), new[] { shared.Alice.Id, shared.Bob.Id });
    }

    [Fact, Spec("OIDC Core §3.1.2.1")]
    public async Task Select_account_lets_the_person_go_on_or_become_somebody_else()
    {
        using var browser = await Ask.SignedInAsync(shared.Server, shared.Alice);
        var page = await browser.GetAsync(Ask.Url("web", ("prompt", "select_account")));
        Assert.Equal("/select-account", page.Url.AbsolutePath);
        Assert.NotNull((await browser.SubmitAsync(page, new Dictionary<string, string>(), "current"))["code"]);
        Assert.Equal(shared.Alice.Id, await Ask.WhoIsSignedInAsync(shared.Server, browser));

        page = await browser.SubmitAsync(await browser.GetAsync(Ask.Url("web", ("prompt", "select_account"))), new Dictionary<string, string>(), "other");
        Assert.Equal("/login", page.Url.AbsolutePath);
        Assert.NotNull((await browser.SignInAsync(page, shared.Bob.UserName, shared.Bob.Password))["code"]);
        Assert.Equal(shared.Bob.Id, await Ask.WhoIsSignedInAsync(shared.Server, browser));
    }

    [Fact, Spec("OIDC Core §3.1.2.1")]
    public async Task Consent_is_asked_again_although_it_is_remembered_and_may_be_refused()
    {
        var eve = await shared.Server.AddUserAsync("eve");
        using var browser = shared.Server.NewBrowser();
        var page = await browser.SignInAsync(await browser.GetAsync(Ask.Url("asker")), eve.UserName, eve.Password);
        Assert.Equal("/consent", page.Url.AbsolutePath);
        Assert.NotNull((await browser.SubmitAsync(page, new Dictionary<string, string>(), "allow"))["code"]);
        Assert.NotNull((await browser.GetAsync(Ask.Url("asker")))["code"]);
        Assert.Equal("/consent", (await browser.GetAsync(Ask.Url("asker", ("scope", "openid email")))).Url.AbsolutePath);

        page = await browser.GetAsync(Ask.Url("asker", ("prompt", "consent")));
        Assert.Equal("/consent", page.Url.AbsolutePath);
        page = await browser.SubmitAsync(page, new Dictionary<string, string>(), "deny");
        Assert.Equal("access_denied", page["error"]);
        Assert.Equal("st", page["state"]);
        Assert.Null(page["code"]);
    }

    [Fact, Spec("OIDC Core §3.1.2.6")]
    public async Task Without_a_page_what_is_missing_is_named()
    {
        var fay = await shared.Server.AddUserAsync("fay");
        using var browser = shared.Server.NewBrowser();
        Assert.Equal("login_required", (await browser.GetAsync(Ask.Url("asker", ("prompt", "none"))))["error"]);
        await browser.AuthorizeAsync(Ask.Url("web"), fay);
        Assert.Equal("consent_required", (await browser.GetAsync(Ask.Url("asker", ("prompt", "none"))))["error"]);
    }

    [Fact, Spec("OIDC Core §3.1.2.1")]
    public async Task Login_asks_who_is_there_and_believes_another_person()
    {
        using var browser = await Ask.SignedInAsync(shared.Server, shared.Alice);
        var page = await browser.GetAsync(Ask.Url("web", ("prompt", "login")));
        Assert.Equal("/login", page.Url.AbsolutePath);
        Assert.NotNull((await browser.SignInAsync(page, shared.Bob.UserName, shared.Bob.Password))["code"]);
        Assert.Equal(shared.Bob.Id, await Ask.WhoIsSignedInAsync(shared.Server, browser));
    }

    [Fact, Spec("OIDC Core §3.1.2.1")]
    public async Task A_hint_at_somebody_else_gets_no_answer_about_who_is_there()
    {
        var hint = (await shared.SignInAsync()).IdToken!;
        using var browser = await Ask.SignedInAsync(shared.Server, shared.Bob);
        Assert.Equal("login_required", (await browser.GetAsync(Ask.Url("web", ("prompt", "none"), ("id_token_hint", hint))))["error"]);

        var page = await browser.GetAsync(Ask.Url("web", ("id_token_hint", hint)));
        Assert.Equal("/login", page.Url.AbsolutePath);
        Assert.Equal("login_required", (await browser.SignInAsync(page, shared.Bob.UserName, shared.Bob.Password))["error"]);
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        page = await browser.AuthorizeAsync(Ask.Url("web", ("id_token_hint", hint), ("prompt", "login")), shared.Alice);
        Assert.NotNull(page["code"]);
        Assert.NotNull((await browser.GetAsync(Ask.Url("web", ("prompt", "none"), ("id_token_hint", hint))))["code"]);
    }

    [Fact, Spec("OIDC Core §3.1.2.1")]
    public async Task A_hint_that_was_issued_to_another_client_or_changed_is_refused()
    {
        var hint = (await shared.SignInAsync()).IdToken!;
        using var browser = await Ask.SignedInAsync(shared.Server, shared.Alice);
        Assert.Equal("invalid_request", (await browser.GetAsync(Ask.Url("asker", ("id_token_hint", hint))))["error"]);
        Assert.Equal("invalid_request", (await browser.GetAsync(Ask.Url("web", ("id_token_hint", hint[..^8] + "AAAAAAAA"))))["error"]);
    }

    [Theory, Spec("OIDC Core §3.1.2.1")]
    [InlineData("none login")]
    [InlineData("none consent")]
    [InlineData("create login")]
    [InlineData("bogus")]
    [InlineData("Login")]
    public async Task Prompts_that_contradict_each_other_or_do_not_exist_are_refused(string prompt)
    {
        using var browser = shared.Server.NewBrowser();
        Assert.Equal("invalid_request", (await browser.GetAsync(Ask.Url("web", ("prompt", prompt))))["error"]);
    }

    [Theory, Spec("OIDC Core §5.5.1.1"), Spec("OIDC Unmet Authentication Requirements §2")]
    [InlineData("""{"id_token":{"acr":{"essential":true,"values":["urn:example:gold"]}}}""", "unmet_authentication_requirements")]
    [InlineData("""{"id_token":{"acr":{"essential":true,"value":"urn:example:gold"}}}""", "unmet_authentication_requirements")]
    [InlineData("""{"id_token":{"acr":{"values":["urn:example:gold"]}}}""", null)]
    [InlineData("""{"id_token":{"acr":{"essential":true}}}""", null)]
    public async Task Only_an_essential_context_class_can_fail_the_request(string claims, string? error)
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.AuthorizeAsync(Ask.Url("web", ("claims", claims)), shared.Alice);
        Assert.Equal(error, page["error"]);
        Assert.Equal(error is null, page["code"] is not null);
    }

    [Theory, Spec("OIDC Core §5.5")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"name\"")]
    [InlineData("""{"id_token":[]}""")]
    [InlineData("""{"userinfo":"name"}""")]
    public async Task Claims_that_cannot_be_read_are_refused(string claims)
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.GetAsync(Ask.Url("web", ("claims", claims)));
        Assert.Equal("invalid_request", page["error"]);
        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
    }
}
