using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Rfc6749;

/// <summary>What the token endpoint says to requests that are not good.</summary>
public sealed class TokenEndpointErrors(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly (string, string) Web = ("web", SharedServer.Secret);

    public static TheoryData<string, string, int> Bad => new()
    {
        { "", "invalid_request", 400 },
        { "grant_type=", "invalid_request", 400 },
        { "grant_type=authorization_code", "invalid_request", 400 },
        { "grant_type=password&username=a&password=b", "unsupported_grant_type", 400 },
        { "grant_type=client_credentials", "unauthorized_client", 400 },
        { "grant_type=refresh_token", "invalid_request", 400 },
        { "grant_type=refresh_token&refresh_token=x", "invalid_grant", 400 },
        { "grant_type=authorization_code&code=x", "invalid_grant", 400 },
        { "grant_type=authorization_code&grant_type=authorization_code&code=x", "invalid_request", 400 },
        { "grant_type=authorization_code&code=x&client_id=other", "invalid_request", 400 },
        { "grant_type=authorization_code&code=x&client_secret=" + SharedServer.Secret, "invalid_request", 400 },
    };

    [Theory, MemberData(nameof(Bad)), Spec("RFC 6749 §5.2")]
    public async Task A_bad_request_gets_the_error_of_the_specification(string form, string error, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = new StringContent(form, null, "application/x-www-form-urlencoded") };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Web.Item1}:{Web.Item2}")));
        await AssertErrorAsync(await shared.Server.Http.SendAsync(request), error, status);
    }

    [Theory, Spec("RFC 6749 §5.2")]
    [InlineData("web", "wrong")]
    [InlineData("nobody", SharedServer.Secret)]
    [InlineData("spa", SharedServer.Secret)]
    public async Task A_client_that_fails_by_the_header_is_answered_with_a_challenge(string id, string secret)
    {
        var response = await shared.Server.TokenAsync([("grant_type", "client_credentials")], (id, secret));
        await AssertErrorAsync(response, "invalid_client", 401);
        Assert.StartsWith("Basic", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact, Spec("RFC 6749 §5.2")]
    public async Task A_client_that_fails_by_the_form_gets_no_challenge_that_would_make_a_browser_ask()
    {
        var response = await shared.Server.TokenAsync([("grant_type", "client_credentials"), ("client_id", "web"), ("client_secret", "wrong")]);
        await AssertErrorAsync(response, "invalid_client", 401);
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Theory, Spec("RFC 6749 §4.1.3")]
    [InlineData("application/json", "{\"grant_type\":\"client_credentials\"}")]
    [InlineData("multipart/form-data; boundary=x", "--x--")]
    [InlineData("text/plain", "grant_type=client_credentials")]
    public async Task Only_a_form_is_read(string type, string body)
    {
        using var content = new StringContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
        await AssertErrorAsync(await shared.Server.Http.PostAsync(new Uri("/connect/token", UriKind.Relative), content), "invalid_request", 400);
    }

    [Fact, Spec("RFC 6749 §3.2")]
    public async Task A_body_over_the_limit_is_refused()
    {
        var response = await shared.Server.TokenAsync([("grant_type", "client_credentials"), ("x", new string('a', 70_000))], Web);
        await AssertErrorAsync(response, "invalid_request", 400);
    }

    [Fact, Spec("RFC 6749 §3.2")]
    public async Task The_token_endpoint_takes_only_POST()
    {
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await shared.Server.GetAsync("/connect/token?grant_type=client_credentials")).StatusCode);
    }

    [Theory, Spec("RFC 6749 §4.4")]
    [InlineData("notes", "notes")]
    [InlineData(null, "notes files")]
    public async Task A_service_gets_the_scopes_it_asks_for_or_all_it_has(string? asked, string granted)
    {
        var tokens = await TestServer.JsonAsync(await shared.Server.TokenAsync([("grant_type", "client_credentials"), ("scope", asked)], ("worker", SharedServer.Secret)));
        Assert.Equal(granted, tokens.GetProperty("scope").GetString());
        Assert.Equal("worker", TestFlow.Claims(tokens.GetProperty("access_token").GetString()!).GetProperty("sub").GetString());
    }

    [Theory, Spec("RFC 6749 §4.4")]
    [InlineData("openid")]
    [InlineData("offline_access")]
    [InlineData("unknown")]
    [InlineData("secret-things")]
    [InlineData("not\"es")]
    public async Task A_service_gets_no_scope_about_people_and_none_it_may_not_have(string scope)
    {
        await AssertErrorAsync(await shared.Server.TokenAsync([("grant_type", "client_credentials"), ("scope", scope)], ("worker", SharedServer.Secret)), "invalid_scope", 400);
    }

    [Fact, Spec("RFC 6749 §6")]
    public async Task A_refresh_may_narrow_the_scope_but_not_widen_it()
    {
        var flow = await shared.SignInAsync("openid notes files");
        var narrowed = await TestServer.JsonAsync(await shared.Server.RefreshAsync("web", SharedServer.Secret, flow.RefreshToken!, "openid notes"));
        Assert.Equal("openid notes", narrowed.GetProperty("scope").GetString());
        var next = narrowed.GetProperty("refresh_token").GetString()!;
        await AssertErrorAsync(await shared.Server.RefreshAsync("web", SharedServer.Secret, next, "openid profile"), "invalid_scope", 400);
        // The grant itself was not narrowed, and the refused request used nothing up.
        Assert.Equal("openid notes files", (await TestServer.JsonAsync(await shared.Server.RefreshAsync("web", SharedServer.Secret, next))).GetProperty("scope").GetString());
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, string error, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var body = await TestServer.JsonAsync(response);
        Assert.Equal(error, body.GetProperty("error").GetString());
        Assert.All(body.GetProperty("error_description").GetString()!, static c => Assert.True(c is >= ' ' and <= '~' and not ('"' or '\\')));
    }
}
