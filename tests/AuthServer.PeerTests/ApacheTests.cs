using AuthServer.Testing;
using Xunit;

namespace AuthServer.PeerTests;

/// <summary>Apache's mod_auth_openidc in front of a page.</summary>
[Collection(Peers.Name)]
public sealed class ApacheTests(PeerServer peers)
{
    [Fact, Spec("OIDC Core §3.1"), Spec("OIDC RP-Initiated Logout §2")]
    public async Task Apache_lets_a_person_in_knows_the_name_and_signs_out()
    {
        await using var apache = await ApacheServer.StartAsync(peers.Apache, peers.Server.Issuer, "apache", PeerServer.Secret);
        var seen = await NodePeers.RunAsync("apache.mjs", peers.Input(("app", peers.Apache)));

        Assert.Equal("/login", (string?)seen["before"]);
        Assert.Equal(200, (int?)seen["status"]);
        Assert.Contains("The protected page", (string?)seen["page"], StringComparison.Ordinal);
        Assert.Equal("alice", (string?)seen["remoteUser"]);
        Assert.Equal("Alice Adams", (string?)seen["name"]);
        Assert.Equal(peers.Alice.Id, (string?)seen["sub"]);
        Assert.Contains("Signed out at Apache", (string?)seen["bye"], StringComparison.Ordinal);
        Assert.Equal("/login", (string?)seen["afterwards"]);
    }
}
