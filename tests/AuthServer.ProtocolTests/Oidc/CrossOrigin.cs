using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Oidc;

/// <summary>Single-page apps call across origins: from their registered ones, and nobody else.</summary>
public sealed class CrossOrigin(SharedServer shared) : IClassFixture<SharedServer>
{
    private async Task<string?> AllowedOriginAsync(HttpMethod method, string path, string origin)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        if (method == HttpMethod.Options)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "content-type");
        }

        var response = await shared.Server.Http.SendAsync(request);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null;
    }

    [Theory]
    [InlineData("/connect/token")]
    [InlineData("/connect/userinfo")]
    [InlineData("/connect/revoke")]
    [InlineData("/connect/par")]
    public async Task The_origin_of_a_registered_redirect_uri_may_call(string path)
    {
        Assert.Equal("https://spa.test", await AllowedOriginAsync(HttpMethod.Options, path, "https://spa.test"));
        Assert.Null(await AllowedOriginAsync(HttpMethod.Options, path, "https://evil.test"));
        Assert.Null(await AllowedOriginAsync(HttpMethod.Options, path, "null"));
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/jwks.json")]
    public async Task Metadata_is_for_everybody(string path) => Assert.Equal("*", await AllowedOriginAsync(HttpMethod.Get, path, "https://anybody.test"));

    [Theory]
    [InlineData("/connect/introspect")]
    [InlineData("/login")]
    public async Task What_no_app_in_a_browser_needs_is_closed(string path) => Assert.Null(await AllowedOriginAsync(HttpMethod.Options, path, "https://spa.test"));
}
