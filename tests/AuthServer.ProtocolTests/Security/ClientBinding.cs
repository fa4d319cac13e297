using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Security;

/// <summary>Whatever was given to one client is refused to another, and is as good afterwards as it was before.</summary>
[Spec("ASVS 10.4.6"), Spec("RFC 6749 §10.5")]
public abstract class ClientBinding(AttackedServer shared)
{
    private TestServer Server => shared.Server;

    [Fact, Spec("RFC 6749 §4.1.3")]
    public async Task A_code_of_another_client()
    {
        var (page, verifier) = await AuthorizeAsync(("prompt", null));
        foreach (var redirectUri in new[] { AttackedServer.Callback, AttackedServer.OtherCallback })
            Assert.Equal("invalid_grant", await ErrorAsync(Server.RedeemAsync("other", AttackedServer.OtherSecret, redirectUri, page["code"]!, verifier)));
        Assert.Equal("invalid_client", await ErrorAsync(Server.RedeemAsync("web", AttackedServer.OtherSecret, AttackedServer.Callback, page["code"]!, verifier)));
        Assert.Equal("invalid_client", await ErrorAsync(Server.RedeemAsync("web", null, AttackedServer.Callback, page["code"]!, verifier)));

        Assert.Equal(HttpStatusCode.OK, (await Server.RedeemAsync("web", AttackedServer.Secret, AttackedServer.Callback, page["code"]!, verifier)).StatusCode);
    }

    [Fact, Spec("RFC 6749 §6")]
    public async Task A_refresh_token_of_another_client()
    {
        var flow = await FlowAsync("web");
        Assert.Equal("invalid_grant", await ErrorAsync(Server.RefreshAsync("other", AttackedServer.OtherSecret, flow.RefreshToken!)));
        Assert.Equal("invalid_client", await ErrorAsync(Server.RefreshAsync("web", null, flow.RefreshToken!)));
        Assert.False((await Server.IntrospectAsync(flow.RefreshToken!, AttackedServer.Other)).GetProperty("active").GetBoolean());
        Assert.Equal("invalid_grant", await ErrorAsync(Server.PostAsync("/connect/revoke", [("token", flow.RefreshToken)], AttackedServer.Other)));

        Assert.Equal(HttpStatusCode.OK, (await Server.RefreshAsync("web", AttackedServer.Secret, flow.RefreshToken!)).StatusCode);
    }

    [Theory, Spec("RFC 7009 §2.1"), Spec("RFC 7662 §2.2")]
    [InlineData("web"), InlineData("opaque")]
    public async Task An_access_token_of_another_client(string clientId)
    {
        var flow = await FlowAsync(clientId);
        Assert.False((await Server.IntrospectAsync(flow.AccessToken, AttackedServer.Other)).GetProperty("active").GetBoolean());
        Assert.Equal("invalid_grant", await ErrorAsync(Server.PostAsync("/connect/revoke", [("token", flow.AccessToken)], AttackedServer.Other)));

        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("/connect/userinfo", flow.AccessToken)).StatusCode);
        Assert.True((await Server.IntrospectAsync(flow.AccessToken, (clientId, AttackedServer.Secret))).GetProperty("active").GetBoolean());
    }

    [Fact, Spec("RFC 9126 §2.2")]
    public async Task A_pushed_request_of_another_client()
    {
        var browser = (await FlowAsync("web")).Browser;
        var pushed = await TestServer.JsonAsync(await Server.PostAsync("/connect/par", [.. Request(TestFlows.NewVerifier())], AttackedServer.Web));
        var requestUri = pushed.GetProperty("request_uri").GetString();

        var stolen = await browser.GetAsync(TestFlows.AuthorizeUrl(("client_id", "other"), ("request_uri", requestUri)));
        Assert.Equal(HttpStatusCode.BadRequest, stolen.Status);
        Assert.Null(stolen.Callback);
        Assert.NotNull((await browser.GetAsync(TestFlows.AuthorizeUrl(("client_id", "web"), ("request_uri", requestUri))))["code"]);
    }

    [Fact, Spec("OIDC Core §3.1.2.1"), Spec("OIDC RP-Initiated Logout §2")]
    public async Task An_id_token_of_another_client_as_a_hint()
    {
        var flow = await FlowAsync("web");
        var hinted = await flow.Browser.GetAsync(TestFlows.AuthorizeUrl(("client_id", "other"), ("response_type", "code"), ("redirect_uri", AttackedServer.OtherCallback), ("scope", "openid"), ("prompt", "none"),
            ("id_token_hint", flow.IdToken), ("code_challenge", TestFlows.ChallengeOf(flow.Verifier)), ("code_challenge_method", "S256")));
        Assert.Equal("invalid_request", hinted["error"]);

        var left = await flow.Browser.GetAsync($"/connect/endsession?client_id=other&id_token_hint={flow.IdToken}&post_logout_redirect_uri=https%3A%2F%2Fother.test%2Fbye");
        Assert.Equal(HttpStatusCode.BadRequest, left.Status);
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("/connect/userinfo", flow.AccessToken)).StatusCode);
        Assert.Equal(AttackedServer.AfterLogout, (await flow.Browser.GetAsync($"/connect/endsession?client_id=web&id_token_hint={flow.IdToken}&post_logout_redirect_uri={Uri.EscapeDataString(AttackedServer.AfterLogout)}")).Callback?.ToString());
    }

    [Fact, Spec("OIDC RP-Initiated Logout §2")]
    public async Task An_id_token_of_another_session_signs_nobody_out()
    {
        var alice = await FlowAsync("web");
        var elsewhere = await FlowAsync("web");
        var page = await alice.Browser.GetAsync($"/connect/endsession?id_token_hint={elsewhere.IdToken}");
        Assert.Equal("/logout", page.Url.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, (await Server.RefreshAsync("web", AttackedServer.Secret, alice.RefreshToken!)).StatusCode);
    }

    /// <summary>Client × what the authorization request says × what the token request says.</summary>
    [Theory, Spec("RFC 7636 §4.6"), Spec("RFC 9700 §4.8.2")]
    [InlineData("web", false), InlineData("web", true), InlineData("exempt", false), InlineData("exempt", true)]
    public async Task Pkce_cannot_be_left_out_or_weakened(string clientId, bool challenged)
    {
        foreach (var method in new[] { null, "S256", "plain", "s256", "none" })
        {
            var verifier = TestFlows.NewVerifier();
            var challenge = challenged ? TestFlows.ChallengeOf(verifier) : null;
            var browser = Server.NewBrowser();
            var page = await browser.AuthorizeAsync(TestFlows.AuthorizeUrl(("client_id", clientId), ("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", "openid"),
                ("code_challenge", challenge), ("code_challenge_method", method)), shared.Alice);

            var mayHaveCode = challenged ? method == "S256" : method is null && clientId == "exempt";
            Assert.True(mayHaveCode == (page["code"] is not null), $"challenge {challenged}, method {method}: {page["error"]}");
            if (!mayHaveCode)
            {
                Assert.Equal("invalid_request", page["error"]);
                continue;
            }

            string?[] wrong = challenged ? [null, TestFlows.NewVerifier(), challenge, verifier + "x", verifier[..42], verifier.ToUpperInvariant()] : [verifier, TestFlows.ChallengeOf(verifier)];
            foreach (var presented in wrong)
                Assert.Equal("invalid_grant", await ErrorAsync(Server.RedeemAsync(clientId, AttackedServer.Secret, AttackedServer.Callback, page["code"]!, presented)));
            Assert.Equal(HttpStatusCode.OK, (await Server.RedeemAsync(clientId, AttackedServer.Secret, AttackedServer.Callback, page["code"]!, challenged ? verifier : null)).StatusCode);
        }
    }

    [Theory, Spec("RFC 6749 §10.5")]
    [InlineData("web"), InlineData("opaque")]
    public async Task A_code_that_comes_again_takes_back_all_it_gave(string clientId)
    {
        var flow = await FlowAsync(clientId);
        var refreshed = await TestServer.JsonAsync(await Server.RefreshAsync(clientId, AttackedServer.Secret, flow.RefreshToken!));
        // Whoever cannot prove possession costs nobody anything.
        Assert.Equal("invalid_grant", await ErrorAsync(Server.RedeemAsync(clientId, AttackedServer.Secret, AttackedServer.Callback, flow.Code, TestFlows.NewVerifier())));
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("/connect/userinfo", flow.AccessToken)).StatusCode);

        Assert.Equal("invalid_grant", await ErrorAsync(Server.RedeemAsync(clientId, AttackedServer.Secret, AttackedServer.Callback, flow.Code, flow.Verifier)));
        foreach (var token in new[] { flow.AccessToken, refreshed.GetProperty("access_token").GetString()! })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("/connect/userinfo", token)).StatusCode);
            Assert.False((await Server.IntrospectAsync(token, (clientId, AttackedServer.Secret))).GetProperty("active").GetBoolean());
        }

        Assert.Equal("invalid_grant", await ErrorAsync(Server.RefreshAsync(clientId, AttackedServer.Secret, refreshed.GetProperty("refresh_token").GetString()!)));
    }

    private Task<TestFlow> FlowAsync(string clientId) => Server.SignInAsync(clientId, AttackedServer.Secret, AttackedServer.Callback, shared.Alice);

    private async Task<(BrowserPage Page, string Verifier)> AuthorizeAsync(params (string, string?)[] more)
    {
        var verifier = TestFlows.NewVerifier();
        return (await Server.NewBrowser().AuthorizeAsync(TestFlows.AuthorizeUrl([("client_id", "web"), .. Request(verifier), .. more]), shared.Alice), verifier);
    }

    private static (string, string?)[] Request(string verifier) =>
        [("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", "openid"), ("code_challenge", TestFlows.ChallengeOf(verifier)), ("code_challenge_method", "S256")];

    private static async Task<string?> ErrorAsync(Task<HttpResponseMessage> asked)
    {
        using var response = await asked;
        return (await TestServer.JsonAsync(response)).TryGetProperty("error", out var error) ? error.GetString() : null;
    }
}

public sealed class ClientBindingOnSqlite(OnSqlite shared) : ClientBinding(shared), IClassFixture<OnSqlite>;

public sealed class ClientBindingOnPostgreSql(OnPostgreSql shared) : ClientBinding(shared), IClassFixture<OnPostgreSql>;
