using System.Text.Json.Nodes;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.PeerTests;

/// <summary>Python's Authlib: another language, another JOSE.</summary>
[Collection(Peers.Name)]
public sealed class AuthlibTests(PeerServer peers)
{
    // Debian's interpreter, for which Debian's python3-authlib is installed.
    private const string Python = "/usr/bin/python3";

    [Fact, Spec("OIDC Core §3.1.3.7"), Spec("RFC 6749 §2.3.1"), Spec("RFC 7009 §2"), Spec("RFC 7662 §2")]
    public async Task Authlib_signs_in_with_its_secret_in_the_form()
    {
        var input = peers.Input(("clientId", "authlib"), ("secret", PeerServer.Secret), ("redirectUri", "http://localhost:5180/cb"));
        var seen = JsonNode.Parse(await PeerProgram.RunAsync(NodePeers.Folder, Python, ["authlib_web.py"], input.ToJsonString()))!;

        Assert.Equal(peers.Server.Issuer, (string?)seen["iss"]);
        Assert.Equal(peers.Alice.Id, (string?)seen["claims"]!["sub"]);
        Assert.Equal("RS256", (string?)seen["header"]!["alg"]);
        Assert.Equal(peers.Alice.Id, (string?)seen["userInfo"]!["sub"]);
        Assert.Equal("Alice Adams", (string?)seen["userInfo"]!["name"]);
        Assert.True((bool?)seen["rotated"]);
        Assert.Equal("authlib", (string?)seen["introspected"]!["client_id"]);
        Assert.Equal(200, (int?)seen["revocation"]);
        Assert.False((bool?)seen["revoked"]!["active"]);
        Assert.Equal("""[401,"invalid_client"]""", seen["wrongSecret"]!.ToJsonString());
    }
}
