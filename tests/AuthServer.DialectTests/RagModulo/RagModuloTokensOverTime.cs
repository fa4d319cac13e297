using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Testing;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.RagModulo;

/// <summary>What changes with time, on a clock of its own; signed with the old service's secret.</summary>
public sealed class RagModuloTokensOverTime(RagModuloTokensOverTime.WithKey server) : IClassFixture<RagModuloTokensOverTime.WithKey>
{
    public sealed class WithKey : RagModuloServer
    {
        /// <summary>Shorter than RFC 7518 asks for, as such secrets are.</summary>
        public const string Secret = "short-old-secret";
        public const string Previous = "the-one-before";

        protected override IEnumerable<(string Name, string Value)> More => [("Dialects:RagModulo:SigningKey", Secret), ("Dialects:RagModulo:PreviousSigningKeys:0", Previous), ("Dialects:RagModulo:Strict", "true")];
    }

    private static string Signed(string token, string secret)
    {
        var content = token[..token.LastIndexOf('.')];
        return content + "." + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(content)));
    }

    [Fact]
    [Contract("RagModulo", "GET /api/auth/me", "HS256 with the old secret or the one before, no aud; an expired token, 401")]
    [Contract("RagModulo", "GET /api/auth/check-auth", "an expired token, 200 with error Token expired")]
    public async Task A_token_ends_after_an_hour()
    {
        var token = await server.TokenAsync(await server.RegisterAsync());
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token.Split('.')[0])));
        Assert.Equal(token, Signed(token, WithKey.Secret));
        Assert.Null(RagModuloServer.Claims(token)["aud"]);

        Assert.Equal(200, (await server.SendAsync("GET", "/api/auth/me", null, Bearer(token))).Status);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/auth/me", null, Bearer(Signed(token, WithKey.Previous)))).Status);
        (await server.SendAsync("GET", "/api/auth/me", null, Bearer(Signed(token, "another")))).Is(401, """{"detail":"Invalid authentication credentials"}""");
        Assert.Equal(401, (int)(await server.Server.GetAsync("/connect/userinfo", token)).StatusCode);

        server.Server.Clock.Advance(TimeSpan.FromMinutes(61));
        (await server.SendAsync("GET", "/api/auth/me", null, Bearer(token))).Is(401, """{"detail":"Token has expired"}""");
        (await server.SendAsync("GET", "/api/auth/check-auth", null, Bearer(token))).Is(200, """{"authenticated":false,"error":"Token expired"}""");
    }

    [Fact]
    [Contract("RagModulo", "GET /api/auth/me", "no token, strict: the words of the original's middleware")]
    public async Task Strictly_a_missing_token_is_named_as_the_original_does() =>
        (await server.SendAsync("GET", "/api/auth/me")).Is(401, """{"detail":"Authentication required"}""");
}

/// <summary>This server's own tokens, on a clock of their own.</summary>
public sealed class RagModuloOwnTokensOverTime(RagModuloOwnTokensOverTime.Few server) : IClassFixture<RagModuloOwnTokensOverTime.Few>
{
    public sealed class Few : RagModuloServer
    {
        protected override IEnumerable<(string Name, string Value)> More => [("Dialects:RagModulo:AccessTokenLifetime", "600"), ("RateLimits:SignInsPerAccountPerHour", "3")];
    }

    [Fact]
    [Contract("RagModulo", "GET /api/auth/me", "the server's own token, of another lifetime: expired, 401")]
    public async Task A_token_ends_when_the_settings_say()
    {
        var answer = await server.SignInAsync(await server.RegisterAsync());
        Assert.Equal(600, (int)answer.Json["expires_in"]!);

        server.Server.Clock.Advance(TimeSpan.FromMinutes(11));
        (await server.SendAsync("GET", "/api/auth/me", null, Bearer(answer["access_token"]!))).Is(401, """{"detail":"Token has expired"}""");
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/login", "too many attempts, 429 with Retry-After 1")]
    public async Task Too_many_attempts_are_told_a_short_time_to_wait()
    {
        var name = await server.RegisterAsync();
        var from = (TestAddress.Header, "192.0.2.7");
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await server.SignInAsync(name, Password, from)).Status);

        var answer = await server.SignInAsync(name, Password, from);

        answer.Is(429, """{"detail":"Rate limit exceeded","error":"Rate limit exceeded"}""");
        Assert.Equal("1", answer.Header("Retry-After"));
    }
}
