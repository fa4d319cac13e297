using System.Text.Json.Nodes;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.PeerTests.Jose;

/// <summary>Every kind of token that the server signs, verified by somebody else's JOSE with the keys that the server publishes.</summary>
[Collection(Peers.Name)]
public sealed class IssuedTokenTests(PeerServer peers)
{
    [Fact, Spec("RFC 9068 §2.1"), Spec("OIDC Core §3.1.3.7"), Spec("OIDC Core §5.3.2"), Spec("RFC 7517 §5")]
    public async Task Jose_verifies_access_token_ID_token_and_signed_userinfo()
    {
        var web = await peers.Server.SignInAsync(PeerServer.WebClient, PeerServer.WebSecret, peers.WebApp + "/callback", peers.Alice, "openid notes");
        var signed = await peers.Server.SignInAsync("signed", PeerServer.Secret, "http://localhost:5180/cb", peers.Alice, "openid email");
        using var answer = await peers.Server.GetAsync("/connect/userinfo", signed.AccessToken);
        var discovery = await TestServer.JsonAsync(await peers.Server.GetAsync("/.well-known/openid-configuration"));
        var seen = await NodePeers.RunAsync("jose-tokens.mjs", new JsonObject
        {
            ["jwksUri"] = discovery.GetProperty("jwks_uri").GetString(),
            ["tokens"] = new JsonObject
            {
                ["access"] = Expect(web.AccessToken, PeerServer.Audience, "ES256", "at+jwt"),
                ["id"] = Expect(web.IdToken!, PeerServer.WebClient, "RS256"),
                ["pss"] = Expect(signed.IdToken!, "signed", "PS256"),
                ["userinfo"] = Expect(await answer.Content.ReadAsStringAsync(), "signed", "ES256"),
            },
        });

        Assert.Equal("application/jwt", answer.Content.Headers.ContentType?.MediaType);
        foreach (var (name, token) in seen.AsObject())
        {
            Assert.Equal((name, peers.Alice.Id), (name, (string?)token!["payload"]!["sub"]));
            Assert.Equal((name, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"), (name, (string?)token["forged"]));
            Assert.NotNull(token["header"]!["kid"]);
        }

        Assert.Equal("no", (string?)seen["id"]!["payload"]!["nonce"]);
        Assert.Equal("alice@example.com", (string?)seen["userinfo"]!["payload"]!["email"]);
    }

    private JsonObject Expect(string token, string audience, string algorithm, string? type = null)
    {
        var expected = new JsonObject { ["token"] = token, ["issuer"] = peers.Server.Issuer, ["audience"] = audience, ["algorithms"] = new JsonArray(algorithm) };
        if (type is not null) expected["typ"] = type;
        return expected;
    }
}
