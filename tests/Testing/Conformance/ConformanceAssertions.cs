using System.Net;
using System.Text.Json;
using Xunit;

namespace AuthServer.Testing.Conformance;

/// <summary>
/// What the OpenID Foundation's conformance suite looks at in every module of its provider plans: the form of answers, errors, tokens and claims.
/// What the suite only warns of fails here.
/// </summary>
public static partial class ConformanceAssertions
{
    private static readonly string[] ErrorMembers = ["error", "error_description", "error_uri", "state", "iss"];

    /// <summary>The answer came the way it was asked for, to this redirect URI and nowhere else in it, with nothing a client would not expect.</summary>
    /// <param name="mode"><c>query</c>, <c>fragment</c> or <c>form_post</c>.</param>
    public static void AssertRedirect(BrowserPage page, string redirectUri, string mode, string issuer, string? state)
    {
        Assert.True(page.Callback is not null, $"The browser stays at {page.Url} ({page.Status}).");
        var text = page.Callback.OriginalString;
        if (mode == "form_post")
        {
            Assert.Equal(redirectUri, text);
            AssertFormPost(page);
        }
        else
        {
            Assert.Equal(HttpStatusCode.SeeOther, page.Response.StatusCode);
            var separator = mode == "fragment" ? '#' : redirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            Assert.True(text.StartsWith(redirectUri + separator, StringComparison.Ordinal), $"The answer does not come behind a {separator}: {text}");
            var answer = text[(redirectUri.Length + 1)..];
            Assert.DoesNotContain('#', answer);
            var names = answer.Split('&').Select(p => p.Split('=')[0]).ToArray();
            Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
        }

        Assert.Equal(state, page["state"]);
        Assert.Equal(issuer, page["iss"]);
    }

    /// <summary>OAuth 2.0 Form Post Response Mode §2: the page posts itself, and its own security policy lets it.</summary>
    private static void AssertFormPost(BrowserPage page)
    {
        Assert.Equal(HttpStatusCode.OK, page.Response.StatusCode);
        var form = Assert.Single(page.Document.Forms);
        Assert.Equal("post", form.Method, ignoreCase: true);
        Assert.Equal("application/x-www-form-urlencoded", form.Enctype ?? "application/x-www-form-urlencoded");
        Assert.All(page.Document.QuerySelectorAll("form [name]"), input => Assert.Equal("hidden", input.GetAttribute("type")));

        var script = Assert.Single(page.Document.Scripts).TextContent;
        Assert.Contains(".submit()", script, StringComparison.Ordinal);
        var policy = string.Join(';', page.Response.Headers.GetValues("Content-Security-Policy"));
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(script)));
        Assert.Contains($"script-src 'sha256-{hash}'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("form-action", policy, StringComparison.Ordinal);
        Assert.True(page.Response.Headers.CacheControl?.NoStore, "A page with tokens in it must not be kept.");
    }

    /// <summary>An error at the redirect URI: one of these codes, well-formed, and no parameter of a success beside it.</summary>
    public static void AssertRedirectedError(BrowserPage page, params string[] codes)
    {
        Assert.Contains(page["error"], codes);
        Assert.Empty(page.Parameters.Keys.Except(ErrorMembers, StringComparer.Ordinal));
        AssertDescription(page["error_description"]);
    }

    /// <summary>The browser stays with the server, which says what is wrong.</summary>
    public static void AssertErrorPage(BrowserPage page)
    {
        Assert.Null(page.Callback);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("text/html", page.Response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>An error answered directly (RFC 6749 §5.2).</summary>
    public static async Task AssertOAuthError(HttpResponseMessage response, HttpStatusCode status, params string[] codes)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var body = await TestServer.JsonAsync(response);
        Assert.Contains(body.GetProperty("error").GetString(), codes);
        Assert.Empty(body.EnumerateObject().Select(m => m.Name).Except(["error", "error_description", "error_uri"], StringComparer.Ordinal));
        AssertDescription(body.TryGetProperty("error_description", out var description) ? description.GetString() : null);
    }

    /// <summary>RFC 6749 §4.1.2.1 and §5.2: printable ASCII without quotation mark and backslash.</summary>
    private static void AssertDescription(string? description) =>
        Assert.True(description is null || description.All(static c => c is >= ' ' and <= '~' and not ('"' or '\\')), $"error_description has a character outside the allowed set: {description}");

    /// <summary>A token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3); answers its body.</summary>
    public static async Task<JsonElement> AssertTokenResponse(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore, "A token response must not be kept.");

        var body = await TestServer.JsonAsync(response);
        AssertEntropy(body.GetProperty("access_token").GetString()!);
        Assert.Equal("Bearer", body.GetProperty("token_type").GetString(), ignoreCase: true);
        AssertLifetime(body.GetProperty("expires_in"));
        if (body.TryGetProperty("refresh_token", out var refresh)) AssertEntropy(refresh.GetString()!);
        Assert.Empty(body.EnumerateObject().Select(m => m.Name).Except(["access_token", "token_type", "expires_in", "refresh_token", "id_token", "scope"], StringComparer.Ordinal));
        return body;
    }

    private static void AssertLifetime(JsonElement expiresIn)
    {
        Assert.Equal(JsonValueKind.Number, expiresIn.ValueKind);
        Assert.InRange(expiresIn.GetInt64(), 1, 31_536_000);
    }

    /// <summary>What cannot be guessed: 128 bits long, and more than 96 bits of Shannon entropy over its characters (RFC 6749 §10.10).</summary>
    public static void AssertEntropy(string secret)
    {
        Assert.True(secret.Length * 8 >= 128, "Shorter than 128 bits.");
        var entropy = secret.GroupBy(static c => c).Sum(g => -(double)g.Count() / secret.Length * Math.Log2((double)g.Count() / secret.Length));
        Assert.True(entropy * secret.Length > 96, $"Only {entropy * secret.Length:F0} bits of entropy.");
    }
}
