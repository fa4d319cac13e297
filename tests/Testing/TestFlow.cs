using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AuthServer.Testing;

/// <summary>The outcome of a whole sign-in by authorization code and PKCE.</summary>
public sealed record TestFlow(TestBrowser Browser, string Code, string Verifier, JsonElement Tokens)
{
    public string AccessToken => Tokens.GetProperty("access_token").GetString()!;

    public string? IdToken => Tokens.TryGetProperty("id_token", out var token) ? token.GetString() : null;

    public string? RefreshToken => Tokens.TryGetProperty("refresh_token", out var token) ? token.GetString() : null;

    /// <summary>The claims of a JWT of ours, unverified.</summary>
    public static JsonElement Claims(string jwt)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[1]));
        return document.RootElement.Clone();
    }
}

/// <summary>The steps of a sign-in, for tests that are about something else.</summary>
public static class TestFlows
{
    public static string NewVerifier() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>An authorization request; null leaves a parameter out.</summary>
    public static string AuthorizeUrl(params (string Name, string? Value)[] parameters) =>
        "/connect/authorize?" + string.Join('&', parameters.Where(p => p.Value is not null).Select(p => p.Name + "=" + Uri.EscapeDataString(p.Value!)));

    /// <summary>Signs the user in at the client and redeems the code.</summary>
    public static async Task<TestFlow> SignInAsync(
        this TestServer server, string clientId, string? secret, string redirectUri, TestUser user, string scope = "openid", TestBrowser? browser = null, params (string Name, string? Value)[] more)
    {
        browser ??= server.NewBrowser();
        var verifier = NewVerifier();
        (string, string?)[] request =
        [
            ("client_id", clientId), ("response_type", "code"), ("redirect_uri", redirectUri), ("scope", scope), ("state", "st"), ("nonce", "no"),
            ("code_challenge", ChallengeOf(verifier)), ("code_challenge_method", "S256"), .. more,
        ];
        var page = await browser.AuthorizeAsync(AuthorizeUrl(request), user);
        var code = page["code"] ?? throw new InvalidOperationException($"No code but {page.Status} at {page.Url}: {page["error"]} {page["error_description"]} {page.Document.Body?.TextContent.Trim()}");
        using var response = await server.RedeemAsync(clientId, secret, redirectUri, code, verifier);
        var body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(body);
        using var json = JsonDocument.Parse(body);
        return new TestFlow(browser, code, verifier, json.RootElement.Clone());
    }

    public static Task<HttpResponseMessage> RedeemAsync(this TestServer server, string clientId, string? secret, string redirectUri, string code, string? verifier) => server.TokenAsync(
        [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri), ("code_verifier", verifier), ("client_id", secret is null ? clientId : null)], secret is null ? null : (clientId, secret));

    public static Task<HttpResponseMessage> RefreshAsync(this TestServer server, string clientId, string? secret, string refreshToken, string? scope = null) => server.TokenAsync(
        [("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("scope", scope), ("client_id", secret is null ? clientId : null)], secret is null ? null : (clientId, secret));
}
