using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Samurai;

/// <summary>With the old service's secret, the original's behaviour where it is safe, and a clock of its own.</summary>
public sealed class SamuraiOverTime(SamuraiOverTime.WithKey server) : IClassFixture<SamuraiOverTime.WithKey>
{
    public sealed class WithKey : DialectServer
    {
        /// <summary>Shorter than RFC 7518 asks for.</summary>
        public const string Secret = "samurai-secret";
        public const string Previous = "samurai-before";

        protected override IEnumerable<(string Name, string Value)> Settings =>
            [("Dialects:Samurai:SigningKey", Secret), ("Dialects:Samurai:PreviousSigningKeys:0", Previous), ("Dialects:Samurai:Strict", "true"), ("Dialects:Samurai:AccessTokensOnly", "true")];
    }

    private Task<WireAnswer> VerifyAsync(string token) => server.CallAsync("token/verify", new { token });

    private static string Signed(string signed, string key) => signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed)));

    [Fact]
    [Contract("Samurai", "POST /login/", "HS256 with the old secret: verified by whoever has it, without aud")]
    public async Task Tokens_are_signed_with_the_old_secret()
    {
        var (access, refresh) = await server.SignedInAsync();

        foreach (var token in new[] { access, refresh })
        {
            var signed = token[..token.LastIndexOf('.')];
            Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(signed.Split('.')[0])));
            Assert.Equal(Signed(signed, WithKey.Secret), token);
            Assert.False(SamuraiPeople.Claims(token).ContainsKey("aud"));
        }

        Assert.Matches("^[0-9a-f]{32}$", (string)SamuraiPeople.Claims(access)["jti"]!);
        Assert.Equal(200, (await VerifyAsync(access)).Status);
        // Of the key before it, while it is replaced; of no other.
        var body = access[..access.LastIndexOf('.')];
        Assert.Equal(200, (await VerifyAsync(Signed(body, WithKey.Previous))).Status);
        (await VerifyAsync(Signed(body, "somebody else's"))).Is(401, SamuraiPeople.Invalid);
    }

    [Fact]
    [Contract("Samurai", "POST /token/verify/", "AccessTokensOnly: a refresh token, 401 wrong type")]
    public async Task A_refresh_token_can_be_kept_from_being_taken_for_an_access_token()
    {
        var (access, refresh) = await server.SignedInAsync();

        (await VerifyAsync(refresh)).Is(401, SamuraiPeople.WrongType);
        (await VerifyAsync(access)).Is(200, "{}");
        (await server.CallAsync("logout", new { refresh = access })).Is(401, SamuraiPeople.WrongType);
        (await server.CallAsync("token/refresh", new { refresh = Signed(refresh[..refresh.LastIndexOf('.')], "somebody else's") })).Is(401, SamuraiPeople.Invalid);
    }

    [Fact]
    [Contract("Samurai", "POST /register/", "Strict: names that are null, 400; only an address signs in, 400")]
    public async Task Strict_is_as_the_original_was()
    {
        (await server.CallAsync("register", new { email = SamuraiPeople.NewAddress(), password = Password, first_name = (string?)null })).Is(400, """{"first_name":["This field may not be null."]}""");
        (await server.CallAsync("login", new { email = "ann", password = Password })).Is(400, """{"email":["Enter a valid email address."]}""");
    }

    [Fact]
    [Contract("Samurai", "POST /token/refresh/", "an access token lasts an hour, a refresh token a day from its rotation, a sign-in thirty days; then 401 invalid or expired")]
    public async Task Tokens_end()
    {
        var (access, refresh) = await server.SignedInAsync();
        var clock = server.Server.Clock;

        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await VerifyAsync(access)).Status);
        clock.Advance(TimeSpan.FromMinutes(2));
        (await VerifyAsync(access)).Is(401, SamuraiPeople.Invalid);

        for (var day = 0; day < 32; day++)
        {
            clock.Advance(TimeSpan.FromHours(22));
            var answer = await server.CallAsync("token/refresh", new { refresh });
            Assert.Equal(200, answer.Status);
            refresh = answer["refresh"]!;
        }

        clock.Advance(TimeSpan.FromHours(22));
        (await server.CallAsync("token/refresh", new { refresh })).Is(401, SamuraiPeople.Invalid);

        var (_, unused) = await server.SignedInAsync();
        clock.Advance(TimeSpan.FromHours(25));
        (await server.CallAsync("token/refresh", new { refresh = unused })).Is(401, SamuraiPeople.Invalid);
        (await server.CallAsync("logout", new { refresh = unused })).Is(401, SamuraiPeople.Invalid);
    }
}

/// <summary>A bridge that closes.</summary>
public sealed class SamuraiClosing(SamuraiClosing.Closing server) : IClassFixture<SamuraiClosing.Closing>
{
    public sealed class Closing : DialectServer
    {
        protected override IEnumerable<(string Name, string Value)> Settings => [("Dialects:Samurai:Until", "2026-06-01T13:00:00Z")];
    }

    [Fact]
    [Contract("Samurai", "POST /login/", "after Until, 410")]
    public async Task A_closed_bridge_is_gone()
    {
        var email = await server.RegisteredAsync();
        server.Server.Clock.Advance(TimeSpan.FromHours(2));

        (await server.CallAsync("login", new { email, password = Password })).Is(410, """{"detail":"This API has been switched off."}""");
    }
}
