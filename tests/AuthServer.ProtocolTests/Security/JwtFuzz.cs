using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Security;

/// <summary>Every JWT this server takes, at every place that takes it, wrong in every way: refused, and never with a fault of ours.</summary>
[Spec("RFC 8725 §3"), Spec("ASVS 9.1"), Spec("ASVS 9.2")]
public abstract class JwtFuzz(AttackedServer shared)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static readonly ECDsa ClientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TestServer Server => shared.Server;

    private enum Answer
    {
        Accepted,
        Refused,
        Fault,
    }

    [Theory]
    [InlineData("userinfo"), InlineData("introspection"), InlineData("revocation")]
    public async Task An_access_token(string where)
    {
        var flow = await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, shared.Alice);
        var sample = await SampleOfAsync(flow.AccessToken, "ES256", "at+jwt");
        Func<string, Task<Answer>> present = where switch
        {
            "userinfo" => UserInfoAsync,
            "introspection" => async token => AnswerOf(await Server.PostAsync("/connect/introspect", [("token", token)], AttackedServer.Web), static body => body.GetProperty("active").GetBoolean()),
            // Another client's good token is an error there, and everything else is not.
            _ => RevokeAsync,
        };
        var now = Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        (string, string?)[] wrong =
        [
            .. Times("exp", now, [null, "0", "-1", $"{now}", $"{now - 1}", "-9223372036854775808"]), .. Times("nbf", now, [$"{now + 3600}"]), .. Times("iat", now, [$"{now + 3600}"]),
            .. Names("iss"), .. Names("sub").Take(1), .. Names("jti"), ("client_id", "\"unknown\""), ("client_id", null), ("gid", "\"unknown\""),
        ];
        await HoldAsync(sample, present, wrong, ["JWT", "client-authentication+jwt", "oauth-authz-req+jwt"]);
    }

    [Theory, Spec("OIDC Core §3.1.2.1"), Spec("OIDC RP-Initiated Logout §2")]
    [InlineData("authorize"), InlineData("endsession")]
    public async Task An_id_token_hint(string where)
    {
        var flow = await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, shared.Alice);
        var sample = await SampleOfAsync(flow.IdToken!, "RS256", "JWT");
        var cookies = flow.Browser.Cookies.GetCookieHeader(new Uri(Server.Issuer));
        Func<string, Task<Answer>> present = where switch
        {
            "authorize" => async hint =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, TestFlows.AuthorizeUrl(("client_id", "web"), ("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", "openid"), ("prompt", "none"),
                    ("id_token_hint", hint), ("code_challenge", TestFlows.ChallengeOf(flow.Verifier)), ("code_challenge_method", "S256")));
                request.Headers.Add("Cookie", cookies);
                using var response = await Server.Http.SendAsync(request);
                if ((int)response.StatusCode >= 500) return Answer.Fault;
                return response.Headers.Location?.Query.Contains("code=", StringComparison.Ordinal) is true ? Answer.Accepted : Answer.Refused;
            },
            _ => async hint =>
            {
                using var response = await Server.Http.GetAsync($"/connect/endsession?client_id=web&id_token_hint={Uri.EscapeDataString(hint)}&post_logout_redirect_uri={Uri.EscapeDataString(AttackedServer.AfterLogout)}");
                if ((int)response.StatusCode >= 500) return Answer.Fault;
                return response.Headers.Location?.OriginalString == AttackedServer.AfterLogout ? Answer.Accepted : Answer.Refused;
            },
        };
        (string, string?)[] wrong = [.. Names("iss"), .. Names("sub").Take(1), .. Times("exp", 0, [null]), .. Times("iat", 0, [null]), ("aud", null), ("aud", "[]"), ("aud", "1"), ("aud", "{}"), ("aud", "[[\"web\"]]"), ("aud", "\"other\""), ("aud", "[\"other\"]"), ("aud", "\"WEB\""), ("aud", "\"web \""), ("aud", "[\"web\",1]")];
        await HoldAsync(sample, present, wrong, ["at+jwt", "client-authentication+jwt", "oauth-authz-req+jwt"]);
    }

    [Theory, Spec("RFC 7523 §3"), Spec("OIDC Core §9")]
    [InlineData("private_key_jwt"), InlineData("client_secret_jwt")]
    public async Task A_client_assertion(string method)
    {
        var clientId = "fuzz-" + method.Replace('_', '-') + "-" + Handle.New().Reveal()[..6];
        var byKey = method == "private_key_jwt";
        await Server.AddClientAsync(new Client
        {
            ClientId = clientId, ResponseTypes = [], GrantTypes = [GrantTypes.ClientCredentials], TokenEndpointAuthMethod = method, Jwks = byKey ? SingleUse.JwksOf(ClientKey) : null,
        }, byKey ? null : AttackedServer.Secret);
        var now = Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["iss"] = $"\"{clientId}\"", ["sub"] = $"\"{clientId}\"", ["aud"] = $"\"{Server.Issuer}\"", ["jti"] = "\"~\"", ["iat"] = $"{now}", ["exp"] = $"{now + 60}",
        };
        var sample = byKey
            ? new JwtSample("ES256", "JWT", null, claims, data => ClientKey.SignData(data, HashAlgorithmName.SHA256), ClientKey)
            : new JwtSample("HS256", "JWT", null, claims, ForgedJwt.ByMac(Encoding.UTF8.GetBytes(AttackedServer.Secret)), null);

        async Task<Answer> PresentAsync(string assertion) =>
            AnswerOf(await Server.TokenAsync([("grant_type", "client_credentials"), ("client_assertion_type", AssertionType), ("client_assertion", assertion)]), static body => body.TryGetProperty("access_token", out _));

        (string, string?)[] wrong =
        [
            .. Times("exp", now, [null, "0", "-1", $"{now - 31}", $"{now + 7200}", $"{now + 315_360_000}", "-9223372036854775808"]), .. Times("nbf", now, [$"{now + 3600}"]), .. Times("iat", now, [$"{now + 3600}", $"{now - 7200}"]),
            .. Names("iss"), .. Names("sub"), ("iss", "\"web\""), ("sub", "\"web\""), .. Names("jti"), ("aud", null), ("aud", "[]"), ("aud", "1"), ("aud", "{}"), ("aud", "null"), ("aud", "\"https://evil.test\""), ("aud", $"\"{Server.Issuer}.evil.test\""),
            ("aud", $"\"{Server.Issuer.ToUpperInvariant()}\""), ("aud", $"[[\"{Server.Issuer}\"]]"), ("aud", $"[\"{Server.Issuer}\",1]"), ("aud", $"{{\"0\":\"{Server.Issuer}\"}}"),
        ];
        await HoldAsync(sample, PresentAsync, wrong, ["at+jwt", "oauth-authz-req+jwt"]);
    }

    [Fact, Spec("RFC 8725 §3.11")]
    public async Task A_token_of_one_purpose_is_worth_nothing_at_another()
    {
        var flow = await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, shared.Alice);
        Assert.Equal(Answer.Refused, await UserInfoAsync(flow.IdToken!));
        Assert.False((await Server.IntrospectAsync(flow.IdToken!, AttackedServer.Web)).GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.BadRequest, (await Server.Http.GetAsync("/connect/endsession?id_token_hint=" + flow.AccessToken)).StatusCode);
        foreach (var token in new[] { flow.AccessToken, flow.IdToken! })
        {
            using var asAssertion = await Server.TokenAsync([("grant_type", "client_credentials"), ("client_assertion_type", AssertionType), ("client_assertion", token)]);
            Assert.Equal(HttpStatusCode.Unauthorized, asAssertion.StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await Server.RefreshAsync("web", AttackedServer.Secret, token)).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await Server.RedeemAsync("web", AttackedServer.Secret, AttackedServer.Callback, token[..43], flow.Verifier)).StatusCode);
        }

        foreach (var handle in new[] { flow.Code, flow.RefreshToken!, flow.RefreshToken![..43], flow.RefreshToken[44..] }) Assert.Equal(Answer.Refused, await UserInfoAsync(handle));
    }

    private async Task HoldAsync(JwtSample sample, Func<string, Task<Answer>> present, (string, string?)[] wrongClaims, string[] otherTypes)
    {
        string Whole() => new ForgedJwt(sample.Header(), sample.Payload(), sample.Key).ToString();
        Assert.Equal(Answer.Accepted, await present(Whole()));

        var types = otherTypes.Select(typ => ($"typ {typ}", new ForgedJwt(sample.Header().Replace($"\"typ\":\"{sample.Type}\"", $"\"typ\":\"{typ}\"", StringComparison.Ordinal), sample.Payload(), sample.Key).ToString()));
        List<string> passed = [];
        foreach (var (name, token) in JwtMutations.Forged(sample).Concat(JwtMutations.Malformed(sample)).Concat(JwtMutations.Claims(sample, wrongClaims)).Concat(types).Concat(JwtMutations.Damaged(Whole, 200, 0x5EED_0001)))
        {
            var answer = await present(token);
            if (answer != Answer.Refused) passed.Add($"{name}: {answer}");
        }

        // Odd numbers need not be refused everywhere, but nowhere may they break anything.
        foreach (var (name, token) in JwtMutations.Claims(sample, [.. Oddities("exp"), .. Oddities("iat"), .. Oddities("nbf"), .. Oddities("auth_time"), .. Oddities("sid"), .. Oddities("aud"), .. Oddities("gid"), .. Oddities("sub")]))
        {
            if (await present(token) == Answer.Fault) passed.Add($"{name}: fault");
        }

        Assert.Empty(passed);
        Assert.Equal(Answer.Accepted, await present(Whole()));
    }

    private static IEnumerable<(string, string?)> Oddities(string claim) =>
        new[] { "null", "true", "\"\"", "\"x\"", "[]", "[1]", "{}", "0", "-0", "0.5", "1e3", "1e308", "-1e308", "9223372036854775807", "9223372036854775808", "253402300799", "253402300800", "-62135596800", "-62135596801", "1e-400", "\"\\u0000\"" }.Where(json => claim != "gid" || json != "\"\\u0000\"").Select(json => (claim, (string?)json));

    private static IEnumerable<(string, string?)> Times(string claim, long now, string?[] wrong) =>
        wrong.Concat(["\"" + (now + 60) + "\"", "null", "true", "[]", "{}", "1e400"]).Select(json => (claim, json));

    /// <summary>Missing first.</summary>
    private static IEnumerable<(string, string?)> Names(string claim) => new[] { null, "\"\"", "1", "[]", "{}", "true", "[\"https://auth.test\"]", "\"https://evil.test\"" }.Where(json => claim != "jti" || json != "\"https://evil.test\"").Select(json => (claim, json));

    private async Task<JwtSample> SampleOfAsync(string token, string alg, string type)
    {
        var credential = Server.Services.GetRequiredService<KeyRing>().SigningCredential(alg);
        var jwks = await TestServer.JsonAsync(await Server.Http.GetAsync("/.well-known/jwks.json"));
        var jwk = jwks.GetProperty("keys").EnumerateArray().Single(k => k.GetProperty("kid").GetString() == credential.Kid);
        byte[] Member(string name) => Base64Url.DecodeFromChars(jwk.GetProperty(name).GetString());
        AsymmetricAlgorithm key = jwk.GetProperty("kty").GetString() == "RSA"
            ? RSA.Create(new RSAParameters { Modulus = Member("n"), Exponent = Member("e") })
            : ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Member("x"), Y = Member("y") } });
        return new JwtSample(alg, type, credential.Kid, TestFlow.Claims(token).EnumerateObject().ToDictionary(c => c.Name, c => c.Value.GetRawText(), StringComparer.Ordinal), ForgedJwt.By(credential), key);
    }

    private async Task<Answer> UserInfoAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        // A header cannot carry everything; the form can.
        if (token.All(c => c is > ' ' and < '\u007f')) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        else
        {
            request.Method = HttpMethod.Post;
            request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["access_token"] = token });
        }

        using var response = await Server.Http.SendAsync(request);
        return (int)response.StatusCode >= 500 ? Answer.Fault : response.StatusCode == HttpStatusCode.OK ? Answer.Accepted : Answer.Refused;
    }

    /// <summary>"Not yours" shows that the token was believed.</summary>
    private async Task<Answer> RevokeAsync(string token)
    {
        using var response = await Server.PostAsync("/connect/revoke", [("token", token)], AttackedServer.Other);
        if ((int)response.StatusCode >= 500) return Answer.Fault;
        return response.StatusCode == HttpStatusCode.BadRequest && (await TestServer.JsonAsync(response)).GetProperty("error").GetString() == "invalid_grant" ? Answer.Accepted : Answer.Refused;
    }

    /// <summary>2xx, and what the body says.</summary>
    private static Answer AnswerOf(HttpResponseMessage response, Func<JsonElement, bool> accepts)
    {
        using (response)
        {
            if ((int)response.StatusCode >= 500) return Answer.Fault;
            if (!response.IsSuccessStatusCode) return Answer.Refused;
            return accepts(TestServer.JsonAsync(response).GetAwaiter().GetResult()) ? Answer.Accepted : Answer.Refused;
        }
    }
}

public sealed class JwtFuzzOnSqlite(OnSqlite shared) : JwtFuzz(shared), IClassFixture<OnSqlite>;

public sealed class JwtFuzzOnPostgreSql(OnPostgreSql shared) : JwtFuzz(shared), IClassFixture<OnPostgreSql>;
