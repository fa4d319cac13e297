using System.Net;
using AuthServer.Engine.Clients;
using AuthServer.ProtocolTests.Authorization;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.House;

/// <summary>The headers that keep browsers from doing what a page never asked for.</summary>
public sealed class SecurityHeaderTests(SecurityHeaderTests.Fixture shared) : IClassFixture<SecurityHeaderTests.Fixture>
{
    public sealed class Fixture : SharedServer
    {
        protected override Task PrepareAsync() => Server.AddClientAsync(Web("asker") with { ConsentType = ConsentTypes.Explicit }, Secret);
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";

    private static Dictionary<string, string> Policy(HttpResponseMessage response) => Header(response, "Content-Security-Policy").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(d => d.Split(' ', 2)).ToDictionary(d => d[0], d => d.ElementAtOrDefault(1) ?? "");

    private static void AssertEverywhere(HttpResponseMessage response)
    {
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(response, "Referrer-Policy"));
        Assert.StartsWith("max-age=63072000", Header(response, "Strict-Transport-Security"), StringComparison.Ordinal);
        Assert.Equal("", Header(response, "Server"));
        Assert.Equal("", Header(response, "X-Powered-By"));
    }

    private static void AssertPage(HttpResponseMessage response)
    {
        AssertEverywhere(response);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        var policy = Policy(response);
        Assert.Equal("'none'", policy["default-src"]);
        Assert.Equal("'none'", policy["frame-ancestors"]);
        Assert.Equal("'none'", policy["base-uri"]);
        Assert.DoesNotContain("unsafe", Header(response, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("*", Header(response, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("DENY", Header(response, "X-Frame-Options"));
    }

    [Theory, Spec("RFC 9700 §4.16"), Spec("ASVS 3.4")]
    [InlineData("/", 200)]
    [InlineData("/login", 200)]
    [InlineData("/register", 200)]
    [InlineData("/logout", 200)]
    [InlineData("/nothing/here", 404)]
    [InlineData("/connect/authorize", 400)]
    public async Task A_page_runs_nothing_but_its_own_and_in_nobodys_frame(string path, int status)
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.GetAsync(path);
        if (page.Url.AbsolutePath == path) Assert.Equal(status, (int)page.Status);
        AssertPage(page.Response);
    }

    [Fact, Spec("CSP §6.4.1")]
    public async Task A_form_may_lead_to_the_app_that_asked_and_to_no_other()
    {
        using var browser = shared.Server.NewBrowser();
        var login = await browser.GetAsync(Ask.Url("asker"));
        AssertPage(login.Response);
        Assert.Equal("'self' https://app.test", Policy(login.Response)["form-action"]);
        var consent = await browser.SignInAsync(login, shared.Alice.UserName, shared.Alice.Password);
        Assert.Equal("/consent", consent.Url.AbsolutePath);
        AssertPage(consent.Response);
        Assert.Equal("'self' https://app.test", Policy(consent.Response)["form-action"]);
        Assert.Equal("'self'", Policy((await browser.GetAsync("/login")).Response)["form-action"]);
    }

    [Fact, Spec("OAuth 2.0 Form Post Response Mode §4")]
    public async Task The_page_that_posts_the_answer_runs_its_one_script_by_hash_and_is_not_kept()
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.AuthorizeAsync(Ask.Url("web", ("response_mode", "form_post")), shared.Alice);
        Assert.NotNull(page["code"]);
        AssertPage(page.Response);
        Assert.StartsWith("'sha256-", Policy(page.Response)["script-src"], StringComparison.Ordinal);
        Assert.True(page.Response.Headers.CacheControl?.NoStore);
    }

    [Fact, Spec("RFC 6749 §5.1"), Spec("OIDC Core §3.1.3.3")]
    public async Task Nothing_with_a_token_or_a_person_in_it_is_kept_by_a_cache()
    {
        var flow = await shared.SignInAsync("openid profile");
        var basic = ("web", SharedServer.Secret);
        HttpResponseMessage[] answers =
        [
            await shared.Server.RefreshAsync("web", SharedServer.Secret, flow.RefreshToken!),
            await shared.Server.TokenAsync([("grant_type", "refresh_token"), ("refresh_token", "x")], basic),
            await shared.Server.GetAsync("/connect/userinfo", flow.AccessToken),
            await shared.Server.PostAsync("/connect/introspect", [("token", flow.AccessToken)], basic),
            await shared.Server.PostAsync("/connect/revoke", [("token", "x")], basic),
            await shared.Server.GetAsync(Ask.Url("web")),
            await shared.Server.GetAsync("/login"),
        ];
        Assert.All(answers, static a => AssertEverywhere(a));
        Assert.All(answers, static a => Assert.True(a.Headers.CacheControl?.NoStore, a.RequestMessage?.RequestUri?.ToString()));
    }

    [Fact, Spec("RFC 6797 §7.2")]
    public async Task Without_https_nobody_is_told_to_insist_on_it()
    {
        await using var server = await TestServer.StartAsync(new TestServerSettings { Environment = "Development", Settings = { ["Issuer"] = "http://localhost:9" } });
        var response = await server.GetAsync("/login");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("", Header(response, "Strict-Transport-Security"));
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
    }
}
