using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Rfc7662;

/// <summary>Token introspection.</summary>
public sealed class Introspection(SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory, Spec("RFC 7662 §2.2")]
    [InlineData("web")]
    [InlineData("opaque")]
    public async Task A_token_is_described_as_it_stands(string clientId)
    {
        var flow = await shared.SignInAsync("openid notes", clientId);
        var body = await shared.Server.IntrospectAsync(flow.AccessToken, (clientId, SharedServer.Secret));
        Assert.True(body.GetProperty("active").GetBoolean());
        Assert.Equal("openid notes", body.GetProperty("scope").GetString());
        Assert.Equal(clientId, body.GetProperty("client_id").GetString());
        Assert.Equal("alice", body.GetProperty("username").GetString());
        Assert.Equal(shared.Alice.Id, body.GetProperty("sub").GetString());
        Assert.Equal(shared.Server.Issuer, body.GetProperty("iss").GetString());
        Assert.Contains(body.GetProperty("aud").EnumerateArray(), a => a.GetString() == SharedServer.Api);
        Assert.True(body.GetProperty("exp").GetInt64() > body.GetProperty("iat").GetInt64());
        Assert.False(body.TryGetProperty("gid", out _));
    }

    [Fact, Spec("RFC 7662 §4")]
    public async Task The_api_a_token_is_for_may_ask_and_a_stranger_learns_nothing()
    {
        var flow = await shared.SignInAsync("openid notes");
        Assert.True((await shared.Server.IntrospectAsync(flow.AccessToken, ("api", SharedServer.Secret))).GetProperty("active").GetBoolean());
        var stranger = await shared.Server.IntrospectAsync(flow.AccessToken, ("worker", SharedServer.Secret));
        Assert.Equal("{\"active\":false}", stranger.GetRawText());
    }

    [Fact, Spec("RFC 7662 §2.1")]
    public async Task A_public_client_may_not_scan_for_tokens()
    {
        var response = await shared.Server.PostAsync("/connect/introspect", [("token", "x"), ("client_id", "spa")]);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact, Spec("RFC 7662 §2.2")]
    public async Task A_refresh_token_is_described_to_its_own_client_only()
    {
        var flow = await shared.SignInAsync();
        Assert.True((await shared.Server.IntrospectAsync(flow.RefreshToken!, ("web", SharedServer.Secret))).GetProperty("active").GetBoolean());
        Assert.False((await shared.Server.IntrospectAsync(flow.RefreshToken!, ("other", SharedServer.Secret))).GetProperty("active").GetBoolean());
    }
}
