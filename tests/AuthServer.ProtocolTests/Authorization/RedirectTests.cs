using System.Net;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Authorization;

/// <summary>Where the answer goes and how.</summary>
public sealed class RedirectTests(RedirectTests.Fixture shared) : IClassFixture<RedirectTests.Fixture>
{
    private const string WithQuery = "https://app.test/cb?tenant=1&name=a%20b";
    private const string Loopback = "http://127.0.0.1/cb";
    private const string PrivateScheme = "com.example.app:/cb";

    public sealed class Fixture : SharedServer
    {
        protected override async Task PrepareAsync()
        {
            await Server.AddClientAsync(Web("query") with { RedirectUris = [WithQuery] }, Secret);
            await Server.AddClientAsync(Web("two") with { RedirectUris = [Callback, OtherCallback] }, Secret);
            await Server.AddClientAsync(Web("hybrid") with { GrantTypes = ["authorization_code", "implicit"], ResponseTypes = ResponseTypes.All }, Secret);
            await Server.AddClientAsync(Web("native") with { ApplicationType = "native", TokenEndpointAuthMethod = "none", RedirectUris = [Loopback, PrivateScheme] });
            await Server.AddClientAsync(Web("local-web") with { RedirectUris = ["http://127.0.0.1:5000/cb"] }, Secret);
        }
    }

    public static TheoryData<string, string?> Answers => new()
    {
        { "code", null }, { "code", "form_post" }, { "code", "fragment" }, { "id_token", null }, { "id_token token", null }, { "code id_token", "form_post" },
    };

    [Theory, MemberData(nameof(Answers)), Spec("RFC 9207 §2")]
    public async Task Every_answer_says_which_server_it_comes_from(string responseType, string? responseMode)
    {
        using var browser = shared.Server.NewBrowser();
        var url = Ask.Url("hybrid", ("response_type", responseType), ("response_mode", responseMode));
        var refused = await browser.GetAsync(url + "&prompt=none");
        Assert.Equal("login_required", refused["error"]);
        Assert.Equal(shared.Server.Issuer, refused["iss"]);
        Assert.Equal("st", refused["state"]);
        Assert.Equal("invalid_scope", (await browser.GetAsync(url.Replace("scope=openid", "scope=openid%20nothing", StringComparison.Ordinal)))["error"]);

        var page = await browser.AuthorizeAsync(url, shared.Alice);
        Assert.Null(page["error"]);
        Assert.Equal(shared.Server.Issuer, page["iss"]);
        Assert.Equal("st", page["state"]);
        Assert.Equal(responseMode == "form_post", page.Response.StatusCode == HttpStatusCode.OK);
    }

    [Theory, Spec("RFC 6749 §3.1.2")]
    [InlineData(null, "&code=")]
    [InlineData("fragment", "#code=")]
    public async Task The_query_that_a_redirect_uri_has_of_its_own_is_kept(string? mode, string continued)
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.AuthorizeAsync(Ask.Url("query", ("redirect_uri", WithQuery), ("response_mode", mode)), shared.Alice);
        Assert.StartsWith(WithQuery + continued, page.Callback!.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact, Spec("RFC 6749 §3.1.2.3"), Spec("RFC 6749 §4.1.3")]
    public async Task The_only_registered_redirect_uri_need_not_be_named()
    {
        using var browser = shared.Server.NewBrowser();
        var verifier = TestFlows.NewVerifier();
        var page = await browser.AuthorizeAsync(Ask.Url("web", ("redirect_uri", null), ("scope", "notes"), ("code_challenge", TestFlows.ChallengeOf(verifier))), shared.Alice);
        Assert.StartsWith(SharedServer.Callback + "?", page.Callback!.AbsoluteUri, StringComparison.Ordinal);
        var redeemed = await shared.Server.TokenAsync([("grant_type", "authorization_code"), ("code", page["code"]), ("code_verifier", verifier)], ("web", SharedServer.Secret));
        Assert.Equal(HttpStatusCode.OK, redeemed.StatusCode);
    }

    [Theory, Spec("RFC 6749 §3.1.2.3"), Spec("OIDC Core §3.1.2.1")]
    [InlineData("two", "notes")]
    [InlineData("web", "openid")]
    public async Task Where_it_could_be_another_or_OpenID_Connect_asks_for_it_it_has_to_be_named(string clientId, string scope)
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.AuthorizeAsync(Ask.Url(clientId, ("redirect_uri", null), ("scope", scope)), shared.Alice);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Callback);
    }

    [Theory, Spec("RFC 9700 §2.1")]
    [InlineData("https://app.test/cb/")]
    [InlineData("https://app.test/cb?x=1")]
    [InlineData("https://app.test/CB")]
    [InlineData("https://app.test:443/cb")]
    [InlineData("https://app.test/cb/../cb")]
    [InlineData("https://app.test.evil.test/cb")]
    [InlineData("https://app.test@evil.test/cb")]
    [InlineData("http://app.test/cb")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    public async Task A_redirect_uri_that_is_not_the_registered_one_to_the_letter_is_refused_here(string redirectUri)
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.GetAsync(Ask.Url("web", ("redirect_uri", redirectUri)));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Callback);
    }

    [Theory, Spec("OAuth 2.0 Multiple Response Types §5")]
    [InlineData("id_token")]
    [InlineData("id_token token")]
    [InlineData("code id_token")]
    [InlineData("code token")]
    public async Task Tokens_never_travel_in_a_query(string responseType)
    {
        using var browser = await Ask.SignedInAsync(shared.Server, shared.Alice);
        var page = await browser.GetAsync(Ask.Url("hybrid", ("response_type", responseType), ("response_mode", "query")));
        Assert.Equal("invalid_request", page["error"]);
        Assert.Equal("", page.Callback!.Query);
        Assert.Equal(shared.Server.Issuer, page["iss"]);
    }

    [Theory, Spec("RFC 8252 §7.3")]
    [InlineData("native", "http://127.0.0.1:51004/cb", true)]
    [InlineData("native", "http://127.0.0.1:1/cb", true)]
    [InlineData("native", "http://127.0.0.1:51004/other", false)]
    [InlineData("native", "http://127.0.0.1:51004/cb?x=1", false)]
    [InlineData("native", "http://127.0.0.1:99999/cb", false)]
    [InlineData("native", "http://127.0.0.1:80@evil.test/cb", false)]
    [InlineData("native", "http://127.0.0.1.evil.test/cb", false)]
    [InlineData("native", "http://localhost:51004/cb", false)]
    [InlineData("native", "https://127.0.0.1:51004/cb", false)]
    [InlineData("local-web", "http://127.0.0.1:5000/cb", true)]
    [InlineData("local-web", "http://127.0.0.1:5001/cb", false)]
    public async Task The_port_of_a_native_apps_loopback_address_is_its_own(string clientId, string redirectUri, bool good)
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.AuthorizeAsync(Ask.Url(clientId, ("redirect_uri", redirectUri)), shared.Alice);
        Assert.Equal(good ? HttpStatusCode.SeeOther : HttpStatusCode.BadRequest, page.Status);
        if (good) Assert.StartsWith(redirectUri + "?code=", page.Callback!.AbsoluteUri, StringComparison.Ordinal);
        else Assert.Null(page.Callback);
    }

    /// <summary>Another app on the device may answer to the same address, so the person sees each request, remembered or not.</summary>
    [Theory, Spec("RFC 8252 §8.6")]
    [InlineData(PrivateScheme)]
    [InlineData("http://127.0.0.1:51004/cb")]
    public async Task An_app_that_anybody_can_pretend_to_be_always_asks(string redirectUri)
    {
        using var browser = await Ask.SignedInAsync(shared.Server, shared.Alice);
        for (var i = 0; i < 2; i++)
        {
            var page = await browser.GetAsync(Ask.Url("native", ("redirect_uri", redirectUri)));
            Assert.Equal("/consent", page.Url.AbsolutePath);
            page = await browser.SubmitAsync(page, new Dictionary<string, string>(), "allow");
            Assert.StartsWith(redirectUri + "?code=", page.Callback!.AbsoluteUri, StringComparison.Ordinal);
        }

        Assert.Equal("consent_required", (await browser.GetAsync(Ask.Url("native", ("redirect_uri", redirectUri), ("prompt", "none"))))["error"]);
    }

    [Fact, Spec("OIDC Core §3.1.2.1")]
    public async Task A_request_posted_by_the_apps_own_page_finds_the_person_signed_in()
    {
        using var browser = await Ask.SignedInAsync(shared.Server, shared.Alice);
        var page = await browser.PostCrossSiteAsync("/connect/authorize", Ask.Form("web", ("prompt", "none")));
        Assert.Null(page["error"]);
        Assert.NotNull(page["code"]);
        Assert.Equal("st", page["state"]);

        using var nobody = shared.Server.NewBrowser();
        Assert.Equal("login_required", (await nobody.PostCrossSiteAsync("/connect/authorize", Ask.Form("web", ("prompt", "none"))))["error"]);
    }
}
