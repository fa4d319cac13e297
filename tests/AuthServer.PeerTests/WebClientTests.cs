using System.Text.Json.Nodes;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.PeerTests;

/// <summary>Confidential web clients of others, from discovery to logout. The libraries refuse a wrong answer themselves; the rest is looked at here.</summary>
[Collection(Peers.Name)]
public sealed class WebClientTests(PeerServer peers)
{
    private JsonObject Input => peers.Input(
        ("clientId", PeerServer.WebClient), ("secret", PeerServer.WebSecret), ("redirectUri", peers.WebApp + "/callback"), ("afterLogout", peers.WebApp + "/"));

    [Fact, Spec("OIDC Core §3.1"), Spec("RFC 9126 §2"), Spec("RFC 7636 §4"), Spec("RFC 7009 §2"), Spec("OIDC RP-Initiated Logout §2")]
    public async Task Openid_client_signs_in_refreshes_revokes_and_signs_out()
    {
        var seen = await NodePeers.RunAsync("openid-client.mjs", Input);

        Assert.StartsWith("urn:ietf:params:oauth:request_uri:", (string?)seen["pushed"], StringComparison.Ordinal);
        Assert.Equal(["client_id", "request_uri"], seen["parameters"]!.AsArray().Select(p => (string?)p).Order());
        Assert.Equal(peers.Server.Issuer, (string?)seen["claims"]!["iss"]);
        Assert.Equal(peers.Alice.Id, (string?)seen["claims"]!["sub"]);
        Assert.Equal("Alice Adams", (string?)seen["userInfo"]!["name"]);
        Assert.True((bool?)seen["userInfo"]!["email_verified"]);
        Assert.True((bool?)seen["rotated"]);
        Assert.True((bool?)seen["introspected"]!["active"]);
        Assert.Equal("""{"active":false}""", seen["revoked"]!.ToJsonString());
        Assert.Equal("invalid_grant", (string?)seen["refreshedAfterRevocation"]);
        Assert.Equal(peers.WebApp + "/?state=bye", (string?)seen["loggedOut"]);
        Assert.Equal("login_required", (string?)seen["silentError"]);
    }

    [Fact, Spec("RFC 8414 §3"), Spec("RFC 9207 §2"), Spec("RFC 9126 §2"), Spec("RFC 9068 §4"), Spec("RFC 7662 §2"), Spec("RFC 6749 §4.1.2")]
    public async Task Oauth4webapi_finds_every_answer_as_the_specifications_have_it()
    {
        var seen = await NodePeers.RunAsync("oauth4webapi.mjs", Input);

        Assert.True((bool?)seen["sameMetadata"]);
        Assert.Equal(peers.Alice.Id, (string?)seen["claims"]!["sub"]);
        Assert.Equal("demo-web", (string?)seen["accessToken"]!["client_id"]);
        Assert.Equal("openid email notes", (string?)seen["accessToken"]!["scope"]);
        Assert.Equal("alice@example.com", (string?)seen["userInfo"]!["email"]);
        Assert.Null(seen["userInfo"]!["name"]);
        Assert.Equal(peers.Alice.Id, (string?)seen["subjectAfterRefresh"]);
        Assert.True((bool?)seen["introspected"]!["active"]);
        Assert.False((bool?)seen["revoked"]!["active"]);
        Assert.True((bool?)seen["introspectedRefresh"]!["active"]);
        Assert.Equal("invalid_grant", (string?)seen["again"]);
        Assert.False((bool?)seen["afterReuse"]!["active"]);
        Assert.Equal(peers.WebApp + "/", (string?)seen["loggedOut"]);
    }
}
