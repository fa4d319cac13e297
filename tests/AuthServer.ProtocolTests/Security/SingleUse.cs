using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Protocol;
using AuthServer.Storage;
using AuthServer.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Security;

/// <summary>What is good once is good once, however many ask for it in the same moment, on one node and on two.</summary>
[Spec("ASVS 10.4.2"), Spec("ASVS 10.4.3")]
public abstract class SingleUse(AttackedServer shared)
{
    private const int Many = 200;

    private TestServer Server => shared.Server;

    [Fact, Spec("RFC 6749 §4.1.2")]
    public async Task Of_many_who_redeem_one_code_one_at_most_succeeds_and_what_it_got_falls()
    {
        var (code, verifier) = await CodeAsync();
        var answers = await AllAtOnceAsync(async node =>
        {
            using var response = await node.RedeemAsync("web", AttackedServer.Secret, AttackedServer.Callback, code, verifier);
            return (response.StatusCode, Body: await TestServer.JsonAsync(response));
        });

        var winners = answers.Where(a => a.StatusCode == HttpStatusCode.OK).ToList();
        Assert.True(winners.Count <= 1, $"{winners.Count} redeemed the code");
        Assert.All(answers.Except(winners), a => Assert.Equal("invalid_grant", a.Body.GetProperty("error").GetString()));
        foreach (var winner in winners)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("/connect/userinfo", winner.Body.GetProperty("access_token").GetString())).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await Server.RefreshAsync("web", AttackedServer.Secret, winner.Body.GetProperty("refresh_token").GetString()!)).StatusCode);
        }
    }

    [Fact, Spec("RFC 9700 §4.14.2"), Spec("ASVS 10.4.5")]
    public async Task Many_who_refresh_with_one_token_get_one_and_the_same_successor()
    {
        var flow = await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, shared.Alice);
        var successors = await AllAtOnceAsync(async node =>
        {
            using var response = await node.RefreshAsync("web", AttackedServer.Secret, flow.RefreshToken!);
            return response.IsSuccessStatusCode ? (await TestServer.JsonAsync(response)).GetProperty("refresh_token").GetString() : null;
        });

        var successor = Assert.Single(successors.OfType<string>().Distinct(StringComparer.Ordinal));
        Assert.NotEqual(flow.RefreshToken, successor);
        Assert.Equal(HttpStatusCode.OK, (await Server.RefreshAsync("web", AttackedServer.Secret, successor)).StatusCode);
        // Two generations back: a thief, or a client that lost its way. Either way the family ends.
        Assert.Equal(HttpStatusCode.BadRequest, (await Server.RefreshAsync("web", AttackedServer.Secret, flow.RefreshToken!)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Server.RefreshAsync("web", AttackedServer.Secret, successor)).StatusCode);
    }

    [Fact, Spec("RFC 9126 §4")]
    public async Task One_pushed_request_is_completed_once()
    {
        var verifier = TestFlows.NewVerifier();
        var browser = (await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, shared.Alice)).Browser;
        var pushed = await TestServer.JsonAsync(await Server.PostAsync("/connect/par", [("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", "openid"),
            ("code_challenge", TestFlows.ChallengeOf(verifier)), ("code_challenge_method", "S256")], AttackedServer.Web));
        var url = TestFlows.AuthorizeUrl(("client_id", "web"), ("request_uri", pushed.GetProperty("request_uri").GetString()));
        var cookies = browser.Cookies.GetCookieHeader(new Uri(Server.Issuer));

        var locations = await AllAtOnceAsync(async node =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Add("Cookie", cookies);
            using var response = await node.Http.SendAsync(request);
            return response.Headers.Location?.OriginalString ?? response.StatusCode.ToString();
        });

        Assert.Single(locations, l => l.StartsWith(AttackedServer.Callback + "?code=", StringComparison.Ordinal));
        Assert.Equal(Many - 1, locations.Count(l => l == nameof(HttpStatusCode.BadRequest)));
    }

    [Fact, Spec("RFC 7523 §3")]
    public async Task One_client_assertion_is_good_once()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var clientId = "signer-" + Handle.New().Reveal()[..8];
        await Server.AddClientAsync(new Client
        {
            ClientId = clientId, ResponseTypes = [], GrantTypes = [GrantTypes.ClientCredentials], TokenEndpointAuthMethod = "private_key_jwt", Jwks = JwksOf(key),
        });
        await shared.ReloadAsync();
        var now = Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        using var credential = SigningCredential.FromEcdsa(ECDsa.Create(key.ExportParameters(true)), SignatureAlgorithm.ES256, null);
        var assertion = Jwt.Sign(credential, "JWT", Encoding.UTF8.GetBytes($$"""{"iss":"{{clientId}}","sub":"{{clientId}}","aud":"{{Server.Issuer}}","jti":"one","exp":{{now + 60}}}"""));

        var answers = await AllAtOnceAsync(async node =>
        {
            using var response = await node.TokenAsync([("grant_type", "client_credentials"), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", assertion)]);
            return response.StatusCode;
        });

        Assert.Single(answers, HttpStatusCode.OK);
        Assert.Equal(Many - 1, answers.Count(s => s == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task One_setup_code_makes_one_administrator()
    {
        var code = (await Server.Services.GetRequiredService<FirstAdministrator>().NewCodeAsync(CancellationToken.None))!;
        Server.Secrets.Add(code);
        var browser = Server.NewBrowser();
        var page = await browser.GetAsync("/setup?code=" + code);
        var hidden = page.Document.QuerySelectorAll("form[method=post] input[type=hidden]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "", StringComparer.Ordinal);
        var cookies = browser.Cookies.GetCookieHeader(new Uri(Server.Issuer));

        var number = 0;
        var answers = await AllAtOnceAsync(async node =>
        {
            var name = "admin" + Interlocked.Increment(ref number);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/setup")
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string>(hidden)
                {
                    ["code"] = code, ["username"] = name, ["email"] = name + "@example.com", ["password"] = TestServer.Password,
                }),
            };
            request.Headers.Add("Cookie", cookies);
            using var response = await node.Http.SendAsync(request);
            return response.StatusCode;
        });

        Assert.Single(answers, s => (int)s is >= 300 and < 400);
        Assert.All(answers, s => Assert.True((int)s < 500, s.ToString()));
        await using var scope = Server.Services.CreateAsyncScope();
        Assert.Equal(1, await scope.ServiceProvider.GetRequiredService<AuthDbContext>().Users.CountAsync(u => u.IsAdministrator));
    }

    private async Task<(string Code, string Verifier)> CodeAsync()
    {
        var verifier = TestFlows.NewVerifier();
        var page = await Server.NewBrowser().AuthorizeAsync(TestFlows.AuthorizeUrl(("client_id", "web"), ("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", "openid"),
            ("code_challenge", TestFlows.ChallengeOf(verifier)), ("code_challenge_method", "S256")), shared.Alice);
        return (page["code"]!, verifier);
    }

    /// <summary>All are ready before the first one goes; nodes take turns.</summary>
    private async Task<T[]> AllAtOnceAsync<T>(Func<TestServer, Task<T>> ask)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Enumerable.Range(0, Many).Select(async i =>
        {
            await go.Task;
            return await Task.Run(() => ask(shared.Nodes[i % shared.Nodes.Count]));
        }).ToArray();
        go.SetResult();
        return await Task.WhenAll(all);
    }

    internal static string JwksOf(ECDsa key)
    {
        var p = key.ExportParameters(false);
        return $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(p.Q.X)}}","y":"{{Base64Url.EncodeToString(p.Q.Y)}}"}]}""";
    }
}

public sealed class SingleUseOnSqlite(OnSqlite shared) : SingleUse(shared), IClassFixture<OnSqlite>;

public sealed class SingleUseOnPostgreSql(OnPostgreSql shared) : SingleUse(shared), IClassFixture<OnPostgreSql>;

public sealed class SingleUseOnTwoNodes(OnTwoNodes shared) : SingleUse(shared), IClassFixture<OnTwoNodes>;
