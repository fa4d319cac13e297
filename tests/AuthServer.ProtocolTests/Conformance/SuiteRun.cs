using System.Globalization;
using System.Text.Json;
using AuthServer.Testing;
using AuthServer.Testing.Conformance;
using Xunit;
using static AuthServer.Testing.Conformance.ConformanceAssertions;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>One module at work: a browser and a client that look at everything they get, as the suite does in each of its modules.</summary>
internal sealed class SuiteRun
{
    private readonly ConformanceServer _suite;
    private readonly JsonElement _jwks;

    private SuiteRun(ConformanceServer suite, string responseType, string responseMode, JsonElement metadata, JsonElement jwks)
    {
        (_suite, ResponseType, Metadata, _jwks) = (suite, responseType, metadata, jwks);
        Mode = responseMode == "form_post" ? "form_post" : responseType == "code" ? "query" : "fragment";
        Browser = suite.Server.NewBrowser();
    }

    public string ResponseType { get; }

    /// <summary>How the answer has to come.</summary>
    public string Mode { get; }

    public JsonElement Metadata { get; }

    public TestBrowser Browser { get; private set; }

    private TestServer Server => _suite.Server;

    private DateTimeOffset Now => Server.Clock.GetUtcNow();

    public static async Task<SuiteRun> StartAsync(ConformanceServer suite, string responseType, string responseMode = "default")
    {
        var server = suite.Server;
        var metadata = await TestServer.JsonAsync(await server.GetAsync("/.well-known/openid-configuration"));
        AssertDiscovery(metadata, server.Issuer);
        var jwks = await TestServer.JsonAsync(await server.GetAsync(metadata.GetProperty("jwks_uri").GetString()!));
        AssertJwks(jwks);
        return new SuiteRun(suite, responseType, responseMode, metadata, jwks);
    }

    public string Endpoint(string name) => Metadata.GetProperty(name + "_endpoint").GetString()!;

    public SuiteRequest NewRequest(params (string Name, string? Value)[] changes) => NewRequest(_suite.First, changes);

    public SuiteRequest NewRequest(SuiteClient client, params (string Name, string? Value)[] changes)
    {
        List<KeyValuePair<string, string>> parameters =
        [
            new("client_id", client.Id), new("redirect_uri", client.RedirectUri), new("scope", "openid"), new("state", SuiteRequest.Random(10)), new("nonce", SuiteRequest.Random(10)),
            new("response_type", ResponseType),
        ];
        if (Mode == "form_post") parameters.Add(new("response_mode", Mode));
        return new SuiteRequest(client, parameters).With(changes);
    }

    /// <summary>Another person's computer.</summary>
    public void UseAnotherBrowser() => Browser = Server.NewBrowser();

    /// <summary>Opens the request and does nothing else.</summary>
    public Task<BrowserPage> OpenAsync(SuiteRequest request) => Browser.GetAsync(request.UrlAt(Endpoint("authorization")));

    /// <summary>A whole flow, with the person doing what the pages ask for.</summary>
    public Task<SuiteAnswer> SignInAsync(params (string Name, string? Value)[] changes) => SignInAsync(NewRequest(changes));

    public async Task<SuiteAnswer> SignInAsync(SuiteRequest request, TestUser? person = null) => await FinishAsync(request, await OpenAsync(request), person);

    /// <summary>The answer comes at once: no page is shown.</summary>
    public async Task<SuiteAnswer> SignInSilentlyAsync(params (string Name, string? Value)[] changes)
    {
        var request = NewRequest(changes);
        return await TakeAsync(request, await OpenAsync(request));
    }

    /// <summary>The person is asked for the password, again or for the first time.</summary>
    public async Task<SuiteAnswer> SignInByPasswordAsync(params (string Name, string? Value)[] changes)
    {
        var request = NewRequest(changes);
        var page = await OpenAsync(request);
        Assert.Equal("/login", page.Url.AbsolutePath);
        return await FinishAsync(request, page);
    }

    public async Task<SuiteAnswer> FinishAsync(SuiteRequest request, BrowserPage page, TestUser? person = null) =>
        await TakeAsync(request, await Browser.WalkAsync(page, person ?? _suite.Buffy));

    public async Task AssertRefusedAsync(SuiteRequest request, params string[] codes) => AssertRefused(request, await OpenAsync(request), codes);

    public void AssertRefused(SuiteRequest request, BrowserPage page, params string[] codes) => AssertRefused(request, page, Mode, codes);

    public void AssertRefused(SuiteRequest request, BrowserPage page, string mode, params string[] codes)
    {
        AssertRedirect(page, request.Client.RedirectUri, mode, Server.Issuer, request["state"]);
        AssertRedirectedError(page, codes);
    }

    public Task<HttpResponseMessage> TokenAsync(SuiteClient client, params (string Name, string? Value)[] form) =>
        client.AuthMethod == "client_secret_post"
            ? Server.PostAsync(Endpoint("token"), [.. form, ("client_id", client.Id), ("client_secret", client.Secret)])
            : Server.PostAsync(Endpoint("token"), form, (client.Id, client.Secret));

    public Task<HttpResponseMessage> RedeemAsync(SuiteRequest request, string code, string? verifier = null) => TokenAsync(
        request.Client, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", request.Client.RedirectUri), ("code_verifier", verifier));

    /// <summary>Takes the answer as a client does: looks at it, redeems the code, asks UserInfo with every access token.</summary>
    public async Task<SuiteAnswer> TakeAsync(SuiteRequest request, BrowserPage page, string? verifier = null)
    {
        Assert.True(page["error"] is null, $"{page["error"]}: {page["error_description"]}");
        AssertRedirect(page, request.Client.RedirectUri, Mode, Server.Issuer, request["state"]);
        AssertMembers(page);
        if (page["code"] is { } code) AssertEntropy(code);

        var answer = new SuiteAnswer(request) { Code = page["code"], AccessToken = page["access_token"] };
        if (page["id_token"] is { } idToken)
            answer = answer with { IdToken = idToken, IdTokenClaims = AssertIdToken(idToken, Expectation(request, page["access_token"], page["code"]) with { FrontChannel = true }) };
        if (answer.Code is not null) answer = await RedeemAsync(answer, verifier);

        // With code token and code id_token token there are two access tokens; both have to be good.
        foreach (var token in new[] { page["access_token"], answer.AccessToken }.OfType<string>().Distinct(StringComparer.Ordinal))
            answer = answer with { UserInfo = await AskUserInfoAsync(request, token, answer.Subject) };
        return answer;
    }

    private async Task<SuiteAnswer> RedeemAsync(SuiteAnswer front, string? verifier)
    {
        var tokens = await AssertTokenResponse(await RedeemAsync(front.Request, front.Code!, verifier));
        var accessToken = tokens.GetProperty("access_token").GetString()!;
        var idToken = tokens.GetProperty("id_token").GetString()!;
        var claims = AssertIdToken(idToken, Expectation(front.Request, accessToken, front.Code));
        if (front.IdToken is not null)
        {
            // OpenID Connect Core §3.3.3.6.
            foreach (var name in new[] { "iss", "sub", "auth_time" }) Assert.Equal(front.IdTokenClaims.GetProperty(name).ToString(), claims.GetProperty(name).ToString());
        }

        return front with
        {
            IdToken = idToken,
            IdTokenClaims = claims,
            AccessToken = accessToken,
            RefreshToken = tokens.TryGetProperty("refresh_token", out var refresh) ? refresh.GetString() : null,
        };
    }

    /// <summary>What an ID token of this answer has to say.</summary>
    public IdTokenExpectation Expectation(SuiteRequest request, string? accessToken, string? code) => new()
    {
        Issuer = Server.Issuer,
        ClientId = request.Client.Id,
        Jwks = _jwks,
        Now = Now,
        Nonce = request["nonce"],
        AuthTimeRequired = request["max_age"] is not null,
        AccessToken = accessToken,
        Code = code,
        Requested = [.. request.ClaimsByName("id_token"), .. ResponseType == "id_token" ? request.ScopeClaims : []],
    };

    private async Task<JsonElement> AskUserInfoAsync(SuiteRequest request, string accessToken, string subject)
    {
        var claims = await AssertUserInfo(await Server.GetAsync(Endpoint("userinfo"), accessToken), subject, Now);
        Assert.Empty(claims.EnumerateObject().Select(c => c.Name).Except(["sub", .. request.ScopeClaims, .. request.ClaimsByName("userinfo")], StringComparer.Ordinal));
        return claims;
    }

    /// <summary>Exactly the values that the response type names (OAuth 2.0 Multiple Response Types §3, §5).</summary>
    private void AssertMembers(BrowserPage page)
    {
        var words = ResponseType.Split(' ');
        List<string> expected = ["state", "iss"];
        if (words.Contains("code")) expected.Add("code");
        if (words.Contains("id_token")) expected.Add("id_token");
        if (words.Contains("token")) expected.AddRange(["access_token", "token_type", "expires_in", "scope"]);

        // A redirect URI's own query is no part of the answer.
        Assert.Equal(expected.Order(StringComparer.Ordinal), page.Parameters.Keys.Where(static n => !n.StartsWith("dummy", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        if (page["access_token"] is not { } token) return;
        AssertEntropy(token);
        Assert.Equal("Bearer", page["token_type"], ignoreCase: true);
        Assert.InRange(int.Parse(page["expires_in"]!, CultureInfo.InvariantCulture), 1, 31_536_000);
    }
}
