using System.Net;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests;

/// <summary>The main road, end to end: sign in, redeem, ask who it is, refresh, introspect, revoke, sign out.</summary>
public sealed class CodeFlow : IAsyncLifetime
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Callback = "https://app.test/cb";
    private TestServer _server = null!;
    private TestUser _alice = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.AddClientAsync(new Client
        {
            ClientId = "web", RedirectUris = [Callback], PostLogoutRedirectUris = ["https://app.test/"], GrantTypes = ["authorization_code", "refresh_token"],
        }, Secret);
        _alice = await _server.AddUserAsync("alice", """{"given_name":"Alice","email":"alice@example.com","email_verified":true}""");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact, Spec("OIDC Core §3.1")]
    public async Task A_person_signs_in_and_the_client_learns_who_it_is()
    {
        var flow = await _server.SignInAsync("web", Secret, Callback, _alice, "openid profile email");

        var userInfo = await TestServer.JsonAsync(await _server.GetAsync("/connect/userinfo", flow.AccessToken));
        Assert.Equal(_alice.Id, userInfo.GetProperty("sub").GetString());
        Assert.Equal("Alice", userInfo.GetProperty("given_name").GetString());
        Assert.True(userInfo.GetProperty("email_verified").GetBoolean());
        Assert.Equal(_alice.Id, TestFlow.Claims(flow.IdToken!).GetProperty("sub").GetString());
    }

    [Fact, Spec("RFC 6749 §6")]
    public async Task A_refresh_token_is_good_once_and_its_reuse_ends_the_grant()
    {
        var flow = await _server.SignInAsync("web", Secret, Callback, _alice);
        var first = await TestServer.JsonAsync(await _server.RefreshAsync("web", Secret, flow.RefreshToken!));
        var next = first.GetProperty("refresh_token").GetString()!;
        _server.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(HttpStatusCode.BadRequest, (await _server.RefreshAsync("web", Secret, flow.RefreshToken!)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.RefreshAsync("web", Secret, next)).StatusCode);
        Assert.False((await _server.IntrospectAsync(first.GetProperty("access_token").GetString()!, ("web", Secret))).GetProperty("active").GetBoolean());
    }

    [Fact, Spec("RFC 9700 §4.14.2")]
    public async Task The_last_refresh_repeated_within_seconds_gets_the_same_successor()
    {
        var flow = await _server.SignInAsync("web", Secret, Callback, _alice);
        var first = await TestServer.JsonAsync(await _server.RefreshAsync("web", Secret, flow.RefreshToken!));
        var again = await TestServer.JsonAsync(await _server.RefreshAsync("web", Secret, flow.RefreshToken!));

        Assert.Equal(first.GetProperty("refresh_token").GetString(), again.GetProperty("refresh_token").GetString());
    }

    [Fact, Spec("RFC 6749 §4.1.2")]
    public async Task A_code_used_twice_costs_the_first_use_its_tokens()
    {
        var flow = await _server.SignInAsync("web", Secret, Callback, _alice);
        var second = await _server.RedeemAsync("web", Secret, Callback, flow.Code, flow.Verifier);

        Assert.Equal("invalid_grant", (await TestServer.JsonAsync(second)).GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.GetAsync("/connect/userinfo", flow.AccessToken)).StatusCode);
    }

    [Fact, Spec("OIDC RP-Initiated Logout §2")]
    public async Task A_client_with_an_id_token_signs_the_person_out_and_gets_the_browser_back()
    {
        var flow = await _server.SignInAsync("web", Secret, Callback, _alice);
        var page = await flow.Browser.GetAsync("/connect/endsession?id_token_hint=" + flow.IdToken + "&post_logout_redirect_uri=https%3A%2F%2Fapp.test%2F&state=bye");

        Assert.Equal("https://app.test/?state=bye", page.Callback?.ToString());
        var silent = await flow.Browser.AuthorizeAsync(TestFlows.AuthorizeUrl(("client_id", "web"), ("response_type", "code"), ("redirect_uri", Callback), ("scope", "openid"), ("prompt", "none"),
            ("code_challenge", TestFlows.ChallengeOf(TestFlows.NewVerifier())), ("code_challenge_method", "S256")));
        Assert.Equal("login_required", silent["error"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.RefreshAsync("web", Secret, flow.RefreshToken!)).StatusCode);
    }
}
