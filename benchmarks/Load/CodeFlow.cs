using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AuthServer.Benchmarks.Load;

/// <summary>The authorization code flow with PKCE as a client and its user's browser see it: signs in once, then each flow rides on the session.</summary>
internal sealed partial class CodeFlow : IDisposable
{
    public const string RedirectUri = "http://localhost:5199/callback";

    private readonly HttpClient _http;
    private readonly string _authorizePath;
    private readonly string _tokenPath;
    private readonly (string Id, string Secret) _client;
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public CodeFlow(Uri server, string authorizePath, string tokenPath, (string Id, string Secret) client)
    {
        (_authorizePath, _tokenPath, _client) = (authorizePath, tokenPath, client);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = WrkLoad.Connections }) { BaseAddress = server };
    }

    /// <summary>Both requests of one flow. Answers the token response.</summary>
    public async Task<string> RunAsync(string scope)
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        using var answer = await GetAsync(AuthorizeUrl(scope, verifier));
        return await RedeemAsync(CodeIn(answer), verifier);
    }

    /// <summary>Walks the login page once; afterwards the session's cookie is known.</summary>
    public async Task SignInAsync(string scope, string userName, string password)
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        using var toLogin = await GetAsync(AuthorizeUrl(scope, verifier));
        var login = toLogin.Headers.Location ?? throw new InvalidOperationException($"The authorization endpoint answered {(int)toLogin.StatusCode} instead of leading to the login page.");
        using var page = await GetAsync(login.OriginalString);
        var fields = Fields(await page.Content.ReadAsStringAsync(), userName, password);

        using var request = new HttpRequestMessage(HttpMethod.Post, login) { Content = new FormUrlEncodedContent(fields) };
        using var signedIn = await SendAsync(request);
        if (signedIn.Headers.Location is not { } next) throw new InvalidOperationException($"The login page answered {(int)signedIn.StatusCode}.");
        using var answer = await GetAsync(next.OriginalString);
        await RedeemAsync(CodeIn(answer), verifier);
    }

    public async Task<string> RefreshAsync(string refreshToken) =>
        await PostAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken });

    public static string Member(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString()!;
    }

    public void Dispose() => _http.Dispose();

    private Task<string> RedeemAsync(string code, string verifier) =>
        PostAsync(new() { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = RedirectUri, ["code_verifier"] = verifier });

    private async Task<string> PostAsync(Dictionary<string, string> fields)
    {
        fields["client_id"] = _client.Id;
        fields["client_secret"] = _client.Secret;
        using var content = new FormUrlEncodedContent(fields);
        using var response = await _http.PostAsync(new Uri(_tokenPath, UriKind.Relative), content);
        var body = await response.Content.ReadAsStringAsync();
        return response.StatusCode == HttpStatusCode.OK ? body : throw new InvalidOperationException($"The token endpoint answered {(int)response.StatusCode}.");
    }

    private string AuthorizeUrl(string scope, string verifier)
    {
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return $"{_authorizePath}?response_type=code&client_id={_client.Id}&redirect_uri={Uri.EscapeDataString(RedirectUri)}&scope={Uri.EscapeDataString(scope)}&state=s&nonce=n&code_challenge={challenge}&code_challenge_method=S256";
    }

    private static string CodeIn(HttpResponseMessage answer)
    {
        var location = answer.Headers.Location?.OriginalString ?? throw new InvalidOperationException($"The authorization endpoint answered {(int)answer.StatusCode}.");
        return CodeParameter().Match(location) is { Success: true } match ? Uri.UnescapeDataString(match.Groups[1].Value) : throw new InvalidOperationException("The authorization endpoint gave no code.");
    }

    private async Task<HttpResponseMessage> GetAsync(string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await SendAsync(request);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        lock (_cookies)
        {
            if (_cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(static c => c.Key + "=" + c.Value)));
        }

        var response = await _http.SendAsync(request);
        if (!response.Headers.TryGetValues("Set-Cookie", out var set)) return response;
        lock (_cookies)
        {
            foreach (var cookie in set)
            {
                var pair = cookie.Split(';')[0].Split('=', 2);
                if (pair[1].Length > 0) _cookies[pair[0]] = pair[1];
                else _cookies.Remove(pair[0]);
            }
        }

        return response;
    }

    private static Dictionary<string, string> Fields(string html, string userName, string password)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match input in InputTag().Matches(html))
        {
            var attributes = Attribute().Matches(input.Value).ToDictionary(static a => a.Groups[1].Value, static a => WebUtility.HtmlDecode(a.Groups[2].Value), StringComparer.OrdinalIgnoreCase);
            if (!attributes.TryGetValue("name", out var name) || attributes.GetValueOrDefault("type") == "checkbox") continue;
            fields[name] = attributes.GetValueOrDefault("type") == "password" ? password
                : attributes.GetValueOrDefault("autocomplete", "").Contains("username", StringComparison.Ordinal) ? userName : attributes.GetValueOrDefault("value", "");
        }

        return fields;
    }

    [GeneratedRegex("[?&]code=([^&]+)")]
    private static partial Regex CodeParameter();

    [GeneratedRegex("<input[^>]*>")]
    private static partial Regex InputTag();

    [GeneratedRegex("([a-zA-Z-]+)=\"([^\"]*)\"")]
    private static partial Regex Attribute();
}
