using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Rfc8707;

/// <summary>Which API a token is for.</summary>
public sealed class ResourceIndicatorTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private Task<HttpResponseMessage> WorkerAsync(params string[] resources) => shared.Server.TokenAsync(
        [("grant_type", "client_credentials"), .. resources.Select(r => ("resource", (string?)r))], ("worker", SharedServer.Secret));

    private static string[] AudienceOf(string accessToken)
    {
        var aud = TestFlow.Claims(accessToken).GetProperty("aud");
        return aud.ValueKind == System.Text.Json.JsonValueKind.String ? [aud.GetString()!] : [.. aud.EnumerateArray().Select(a => a.GetString()!)];
    }

    [Fact, Spec("RFC 8707 §2.2")]
    public async Task A_token_is_for_the_resource_that_was_named_and_no_other()
    {
        var tokens = await TestServer.JsonAsync(await WorkerAsync("https://files.test"));
        Assert.Equal(["https://files.test"], AudienceOf(tokens.GetProperty("access_token").GetString()!));
    }

    [Fact, Spec("RFC 9068 §3")]
    public async Task Without_a_resource_it_is_for_those_of_its_scopes()
    {
        var tokens = await TestServer.JsonAsync(await WorkerAsync());
        Assert.Equal([SharedServer.Api, "https://files.test"], AudienceOf(tokens.GetProperty("access_token").GetString()!));
    }

    [Theory, Spec("RFC 8707 §2")]
    [InlineData("https://unknown.test")]
    [InlineData("not a uri")]
    [InlineData("https://api.test#fragment")]
    public async Task An_unknown_or_malformed_resource_is_an_invalid_target(string resource) =>
        Assert.Equal("invalid_target", (await TestServer.JsonAsync(await WorkerAsync(resource))).GetProperty("error").GetString());

    [Fact, Spec("RFC 8707 §2.2")]
    public async Task A_refresh_may_ask_for_one_of_the_granted_resources_only()
    {
        var flow = await shared.SignInAsync("openid notes files", "web", ("resource", SharedServer.Api));
        Assert.Contains(SharedServer.Api, AudienceOf(flow.AccessToken));
        Assert.DoesNotContain("https://files.test", AudienceOf(flow.AccessToken));
        var response = await shared.Server.TokenAsync([("grant_type", "refresh_token"), ("refresh_token", flow.RefreshToken), ("resource", "https://files.test")], ("web", SharedServer.Secret));
        Assert.Equal("invalid_target", (await TestServer.JsonAsync(response)).GetProperty("error").GetString());
    }
}
