using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Rfc9126;

/// <summary>Pushed authorization requests.</summary>
public sealed class PushedRequestTests(PushedRequestTests.Fixture shared) : IClassFixture<PushedRequestTests.Fixture>
{
    public sealed class Fixture : SharedServer
    {
        protected override Task PrepareAsync() => Server.AddClientAsync(Web("pushy") with { RequirePushedAuthorizationRequests = true, RedirectUris = ["https://pushy.test/cb"] }, Secret);
    }

    private static (string, string?)[] Request(string verifier, string redirectUri = SharedServer.Callback) =>
    [
        ("response_type", "code"), ("redirect_uri", redirectUri), ("scope", "openid"), ("state", "s"),
        ("code_challenge", TestFlows.ChallengeOf(verifier)), ("code_challenge_method", "S256"),
    ];

    private async Task<string> PushAsync(string verifier)
    {
        var response = await shared.Server.PostAsync("/connect/par", Request(verifier), ("web", SharedServer.Secret));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var body = await TestServer.JsonAsync(response);
        Assert.InRange(body.GetProperty("expires_in").GetInt32(), 5, 600);
        return body.GetProperty("request_uri").GetString()!;
    }

    private static string Url(string clientId, string requestUri) => TestFlows.AuthorizeUrl(("client_id", clientId), ("request_uri", requestUri));

    [Fact, Spec("RFC 9126 §4")]
    public async Task A_pushed_request_is_opened_by_its_request_uri_and_completed_once()
    {
        var verifier = TestFlows.NewVerifier();
        var requestUri = await PushAsync(verifier);
        using var browser = shared.Server.NewBrowser();
        // Looking at it twice is no completion: people reload.
        Assert.Equal("/login", (await browser.GetAsync(Url("web", requestUri))).Url.AbsolutePath);
        var page = await browser.AuthorizeAsync(Url("web", requestUri), shared.Alice);
        Assert.Equal("s", page["state"]);
        Assert.Equal(HttpStatusCode.OK, (await shared.Server.RedeemAsync("web", SharedServer.Secret, SharedServer.Callback, page["code"]!, verifier)).StatusCode);

        var again = await browser.AuthorizeAsync(Url("web", requestUri), shared.Alice);
        Assert.Null(again.Callback);
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
    }

    [Fact, Spec("RFC 9126 §2.2")]
    public async Task Another_client_cannot_use_it()
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.GetAsync(Url("other", await PushAsync(TestFlows.NewVerifier())));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Callback);
    }

    [Fact, Spec("RFC 9126 §2.3")]
    public async Task What_would_be_refused_in_the_browser_is_refused_when_pushed()
    {
        var response = await shared.Server.PostAsync("/connect/par", [.. Request("x").Where(p => p.Item1 != "code_challenge")], ("web", SharedServer.Secret));
        Assert.Equal("invalid_request", (await TestServer.JsonAsync(response)).GetProperty("error").GetString());
        response = await shared.Server.PostAsync("/connect/par", Request("x", "https://evil.test/cb"), ("web", SharedServer.Secret));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        response = await shared.Server.PostAsync("/connect/par", Request("x"), ("web", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        response = await shared.Server.PostAsync("/connect/par", [.. Request("x"), ("request_uri", "urn:x")], ("web", SharedServer.Secret));
        Assert.Equal("invalid_request", (await TestServer.JsonAsync(response)).GetProperty("error").GetString());
    }

    [Fact, Spec("RFC 9126 §5")]
    public async Task A_client_registered_to_push_cannot_do_without()
    {
        using var browser = shared.Server.NewBrowser();
        var page = await browser.GetAsync(TestFlows.AuthorizeUrl([("client_id", "pushy"), .. Request(TestFlows.NewVerifier(), "https://pushy.test/cb")]));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
    }

    [Fact, Spec("RFC 9126 §2.2")]
    public async Task A_request_uri_expires_but_a_sign_in_begun_in_time_may_take_its_time()
    {
        await using var server = await TestServer.StartAsync();
        await server.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        var alice = await server.AddUserAsync("alice");
        async Task<string> PushHereAsync() => (await TestServer.JsonAsync(await server.PostAsync("/connect/par", Request("x"), ("web", SharedServer.Secret)))).GetProperty("request_uri").GetString()!;
        var late = await PushHereAsync();
        var slow = await PushHereAsync();
        using var browser = server.NewBrowser();
        var login = await browser.GetAsync(Url("web", slow));

        server.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(Url("web", late))).Status);
        Assert.NotNull((await browser.SignInAsync(login, alice.UserName, alice.Password))["code"]);
    }
}
