using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Rfc7009;

/// <summary>Token revocation.</summary>
public sealed class Revocation(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly (string, string) Web = ("web", SharedServer.Secret);

    private Task<HttpResponseMessage> RevokeAsync(string token, (string, string)? basic) => shared.Server.PostAsync("/connect/revoke", [("token", token)], basic);

    private async Task<bool> IsActiveAsync(string token, string clientId = "web") => (await shared.Server.IntrospectAsync(token, (clientId, SharedServer.Secret))).GetProperty("active").GetBoolean();

    [Fact, Spec("RFC 7009 §2.1")]
    public async Task A_revoked_refresh_token_takes_its_access_tokens_with_it()
    {
        var flow = await shared.SignInAsync();
        Assert.Equal(HttpStatusCode.OK, (await RevokeAsync(flow.RefreshToken!, Web)).StatusCode);
        Assert.False(await IsActiveAsync(flow.AccessToken));
        Assert.False(await IsActiveAsync(flow.RefreshToken!));
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.Server.GetAsync("/connect/userinfo", flow.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await shared.Server.RefreshAsync("web", SharedServer.Secret, flow.RefreshToken!)).StatusCode);
    }

    [Theory, Spec("RFC 7009 §2.1")]
    [InlineData("web")]
    [InlineData("opaque")]
    public async Task A_revoked_access_token_goes_alone(string clientId)
    {
        var flow = await shared.SignInAsync("openid", clientId);
        Assert.True(await IsActiveAsync(flow.AccessToken, clientId));
        Assert.Equal(HttpStatusCode.OK, (await RevokeAsync(flow.AccessToken, (clientId, SharedServer.Secret))).StatusCode);
        Assert.False(await IsActiveAsync(flow.AccessToken, clientId));
        Assert.Equal(HttpStatusCode.OK, (await shared.Server.RefreshAsync(clientId, SharedServer.Secret, flow.RefreshToken!)).StatusCode);
    }

    [Fact, Spec("RFC 7009 §2.1")]
    public async Task A_services_own_token_can_be_revoked_too()
    {
        var token = (await TestServer.JsonAsync(await shared.Server.TokenAsync([("grant_type", "client_credentials")], ("worker", SharedServer.Secret)))).GetProperty("access_token").GetString()!;
        Assert.True(await IsActiveAsync(token, "worker"));
        await RevokeAsync(token, ("worker", SharedServer.Secret));
        Assert.False(await IsActiveAsync(token, "worker"));
    }

    [Fact, Spec("RFC 7009 §2.2")]
    public async Task What_is_not_a_token_is_as_good_as_revoked() => Assert.Equal(HttpStatusCode.OK, (await RevokeAsync("nonsense", Web)).StatusCode);

    [Fact, Spec("RFC 7009 §2.1")]
    public async Task Another_clients_token_is_refused_and_left_as_it_is()
    {
        var flow = await shared.SignInAsync();
        foreach (var token in (string[])[flow.RefreshToken!, flow.AccessToken])
        {
            var response = await RevokeAsync(token, ("other", SharedServer.Secret));
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }

        Assert.True(await IsActiveAsync(flow.AccessToken));
    }

    [Fact, Spec("RFC 7009 §2.1")]
    public async Task A_public_client_revokes_by_its_name_and_nobody_without_one()
    {
        var flow = await shared.SignInAsync("openid", "spa");
        Assert.Equal(HttpStatusCode.Unauthorized, (await RevokeAsync(flow.RefreshToken!, null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await shared.Server.PostAsync("/connect/revoke", [("token", flow.RefreshToken), ("client_id", "spa")])).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await shared.Server.RefreshAsync("spa", null, flow.RefreshToken!)).StatusCode);
    }
}
