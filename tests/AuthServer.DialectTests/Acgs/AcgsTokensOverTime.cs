using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Acgs;

/// <summary>What changes with time, on a clock of its own, with the key that ACGS's services share.</summary>
public sealed class AcgsTokensOverTime(AcgsTokensOverTime.WithKey server) : IClassFixture<AcgsTokensOverTime.WithKey>
{
    /// <summary>Shorter than RFC 7518 asks for, as in the field, and one before it.</summary>
    public sealed class WithKey : DialectServer
    {
        public const string Secret = "short-old-secret";
        public const string Previous = "older-secret";

        protected override IEnumerable<(string Name, string Value)> Settings => [("Dialects:Acgs:SigningKey", Secret), ("Dialects:Acgs:PreviousSigningKeys:0", Previous), ("Dialects:Acgs:Strict", "true")];
    }

    [Fact]
    [Contract("Acgs", "POST /auth/token", "HS256 by the shared key with the claims the services want: sub, user_id, roles, type, jti, exp, and no aud")]
    public async Task A_token_verifies_with_the_shared_key()
    {
        var client = await AcgsClient.SignedInAsync(server);
        var parts = client.Token.Split('.');

        Assert.Equal(Sign(WithKey.Secret, parts[0] + "." + parts[1]), parts[2]);
        var claims = Claims(client.Token);
        Assert.Equal(["exp", "gid", "jti", "roles", "sub", "type", "user_id"], claims.Select(static c => c.Key).Order(StringComparer.Ordinal));
        Assert.Equal((client.UserName, client.Id, "access", "user"), ((string)claims["sub"]!, (int)claims["user_id"]!, (string)claims["type"]!, (string)claims["roles"]![0]!));
        Assert.Matches(@"\A[0-9a-f]{32}\z", (string)claims["jti"]!);
    }

    [Fact]
    [Contract("Acgs", "GET /auth/me", "a token of the previous key is still taken, one of another key is not")]
    public async Task The_previous_key_is_still_good()
    {
        var client = await AcgsClient.SignedInAsync(server);
        var signed = client.Token[..client.Token.LastIndexOf('.')];

        Assert.Equal(200, (await server.SendAsync("GET", "/auth/me", null, Bearer(signed + "." + Sign(WithKey.Previous, signed)))).Status);
        Assert.Equal(401, (await server.SendAsync("GET", "/auth/me", null, Bearer(signed + "." + Sign("somebody else's", signed)))).Status);
    }

    [Fact]
    [Contract("Acgs", "GET /auth/me", "an expired token, 401")]
    [Contract("Acgs", "POST /auth/token/refresh", "an expired CSRF pair or refresh token, 401; Strict: a missing header is 422")]
    public async Task Tokens_end()
    {
        var client = await AcgsClient.SignedInAsync(server);
        (await server.SendAsync("POST", "/auth/logout", null, client.Cookies)).IsAcgs(422, "VALIDATION_ERROR", "Bad headers. Expected \"X-CSRF-Token\" in headers");

        server.Server.Clock.Advance(TimeSpan.FromMinutes(31));
        (await server.SendAsync("GET", "/auth/me", null, client.ByBearer)).IsAcgs(401, "AUTHENTICATION_ERROR", "Token has expired");
        Assert.Equal(200, client.Take(await server.SendAsync("POST", "/auth/token/refresh", null, client.ByCookie)).Status);

        server.Server.Clock.Advance(TimeSpan.FromMinutes(61));
        (await server.SendAsync("POST", "/auth/token/refresh", null, client.ByCookie)).IsAcgs(401, "AUTHENTICATION_ERROR", "The CSRF token has expired.");

        server.Server.Clock.Advance(TimeSpan.FromDays(7));
        (await server.SendAsync("POST", "/auth/token/refresh", null, client.ByBearer, client.Cookies)).IsAcgs(401, "AUTHENTICATION_ERROR", "Invalid or expired refresh token");
    }

    private static JsonObject Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();

    private static string Sign(string key, string text) => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(text)));
}
