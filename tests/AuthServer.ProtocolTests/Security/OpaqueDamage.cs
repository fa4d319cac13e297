using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Security;

/// <summary>Codes, refresh tokens, opaque access tokens, cookies and page handles, each with a bit flipped or cut short: refused, and never with a fault of ours.</summary>
[Spec("RFC 6749 §10.10"), Spec("ASVS 7.2.3")]
public abstract class OpaqueDamage(AttackedServer shared)
{
    private TestServer Server => shared.Server;

    [Fact]
    public async Task A_code()
    {
        var verifier = TestFlows.NewVerifier();
        var page = await Server.NewBrowser().AuthorizeAsync(Url("web", verifier), shared.Alice);
        foreach (var damaged in Damage(page["code"]!))
        {
            using var response = await Server.RedeemAsync("web", AttackedServer.Secret, AttackedServer.Callback, damaged, verifier);
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, damaged);
        }

        Assert.Equal(HttpStatusCode.OK, (await Server.RedeemAsync("web", AttackedServer.Secret, AttackedServer.Callback, page["code"]!, verifier)).StatusCode);
    }

    [Fact]
    public async Task A_refresh_token()
    {
        var flow = await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, shared.Alice);
        var (family, secret) = (flow.RefreshToken![..43], flow.RefreshToken[44..]);
        foreach (var damaged in Damage(family).Select(f => f + "." + secret).Concat(Damage(flow.RefreshToken, 0)).Append(secret + "." + family).Append(family + secret).Append(family + "." + secret + "." + secret))
        {
            using var response = await Server.RefreshAsync("web", AttackedServer.Secret, damaged);
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, damaged);
        }

        Assert.Equal(HttpStatusCode.OK, (await Server.RefreshAsync("web", AttackedServer.Secret, flow.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task The_secret_half_of_a_refresh_token()
    {
        foreach (var at in new[] { 0, 1, 21, 41, 42 })
        {
            // A wrong secret of a right family is a thief's: the family ends with it, so each is a new one.
            var flow = await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, shared.Alice);
            var damaged = Damage(flow.RefreshToken![44..]).ElementAt(at);
            Assert.Equal(HttpStatusCode.BadRequest, (await Server.RefreshAsync("web", AttackedServer.Secret, flow.RefreshToken[..44] + damaged)).StatusCode);
        }
    }

    [Fact]
    public async Task An_opaque_access_token()
    {
        var flow = await Server.SignInAsync("opaque", AttackedServer.Secret, AttackedServer.Callback, shared.Alice);
        foreach (var damaged in Damage(flow.AccessToken))
        {
            using var response = await Server.GetAsync("/connect/userinfo", damaged);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, damaged);
            Assert.True(damaged.Length == 0 || !(await Server.IntrospectAsync(damaged, ("opaque", AttackedServer.Secret))).GetProperty("active").GetBoolean(), damaged);
        }

        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("/connect/userinfo", flow.AccessToken)).StatusCode);
    }

    [Fact, Spec("ASVS 7.2.1")]
    public async Task A_session_cookie()
    {
        var flow = await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, shared.Alice);
        var good = flow.Browser.Cookies.GetCookies(new Uri(Server.Issuer))["__Host-session"]!.Value;
        foreach (var damaged in Damage(good)) Assert.True(await SilentAsync(damaged) == "login_required", damaged);
        foreach (var other in new[] { "%00", "x", "....", "eyJ", new string('A', 5000), "\u00e9" }) Assert.Equal("login_required", await SilentAsync(other));
        Assert.Null(await SilentAsync(good));
    }

    [Fact]
    public async Task The_handle_of_a_waiting_request()
    {
        var browser = Server.NewBrowser();
        var login = await browser.GetAsync(Url("web", TestFlows.NewVerifier()));
        var handle = login.Url.Query["?request=".Length..];
        foreach (var damaged in Damage(handle))
        {
            foreach (var path in new[] { "/connect/authorize/continue", "/login", "/consent", "/select-account", "/register" })
            {
                using var response = await Server.Http.GetAsync($"{path}?request={Uri.EscapeDataString(damaged)}");
                // Without any handle these are plain pages; with a wrong one nobody goes on.
                Assert.True((int)response.StatusCode is >= 400 and < 500 || damaged.Length == 0 && (int)response.StatusCode < 500, $"{path} {damaged}: {response.StatusCode}");
            }
        }

        Assert.NotNull((await browser.SignInAsync(login, shared.Alice.UserName, shared.Alice.Password))["code"]);
    }

    private static string Url(string clientId, string verifier) => TestFlows.AuthorizeUrl(("client_id", clientId), ("response_type", "code"), ("redirect_uri", AttackedServer.Callback), ("scope", "openid"),
        ("code_challenge", TestFlows.ChallengeOf(verifier)), ("code_challenge_method", "S256"));

    /// <summary>The error of a request that must show no page; null where it was answered with a code.</summary>
    private async Task<string?> SilentAsync(string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url("web", TestFlows.NewVerifier()) + "&prompt=none");
        request.Headers.TryAddWithoutValidation("Cookie", "__Host-session=" + cookie);
        using var response = await Server.Http.SendAsync(request);
        var parameters = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(response.Headers.Location!.Query);
        return parameters.TryGetValue("error", out var error) ? error.ToString() : null;
    }

    /// <summary>Another bit at every place, every length that is too short, and a few that are too long.</summary>
    private static IEnumerable<string> Damage(string good, int flips = int.MaxValue)
    {
        for (var i = 0; i < Math.Min(flips, good.Length); i++)
        {
            // The neighbour in base64url's alphabet, so that the form stays good and only the value is wrong.
            const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            var at = Alphabet.IndexOf(good[i], StringComparison.Ordinal);
            yield return good[..i] + Alphabet[at < 0 ? 0 : at ^ 1] + good[(i + 1)..];
            if (at >= 0) yield return good[..i] + Alphabet[at ^ 32] + good[(i + 1)..];
        }

        for (var length = 0; length < good.Length; length += 1 + good.Length / 60) yield return good[..length];
        foreach (var more in new[] { "A", "=", "==", ".", "\u00e9", good, "%00" }) yield return good + more;
    }
}

public sealed class OpaqueDamageOnSqlite(OnSqlite shared) : OpaqueDamage(shared), IClassFixture<OnSqlite>;

public sealed class OpaqueDamageOnPostgreSql(OnPostgreSql shared) : OpaqueDamage(shared), IClassFixture<OnPostgreSql>;
