using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Kamiwaza;

/// <summary>What gateways, extensions and unattended programs call.</summary>
public sealed class KamiwazaGatewayTranscripts(DialectServer server) : IClassFixture<DialectServer>
{
    [Theory]
    [InlineData("GET", "/auth/validate"), InlineData("POST", "/auth/validate"), InlineData("GET", "/api/auth/forward/validate")]
    [Contract("Kamiwaza", "GET /auth/validate", "a good token: the headers of ForwardAuth, and the JSON of the chat application's gateway")]
    public async Task A_gateway_learns_who_it_is(string method, string path)
    {
        var kay = await KamiwazaPerson.NewAsync(server);

        var answer = await server.SendAsync(method, path, null, Bearer(kay.Token), ("X-Forwarded-Uri", "/ext"), ("X-Forwarded-Method", "GET"), ("X-Request-Id", "req-7"), ("X-User-Id", "forged"));

        answer.Is(200, $$"""{"username":"{{kay.User.UserName}}","valid":true}""");
        var all = "ffffffff-ffff-ffff-ffff-ffffffffffff";
        (string, string)[] expected =
        [
            ("X-User-Id", kay.User.Id), ("X-User-Email", kay.User.UserName + "@example.com"), ("X-User-Name", kay.User.UserName), ("X-Auth-Token", kay.Token), ("X-Request-Id", "req-7"),
            ("X-Workroom-Id", all), ("X-User-Workroom-Id", all), ("X-User-Workroom-Role", "member"),
        ];
        Assert.All(expected, e => Assert.Equal(e.Item2, answer.Header(e.Item1)));
        // Nothing to say is said by no header: a gateway takes away what came with the request.
        Assert.Null(answer.Header("X-User-Roles"));
        Assert.Equal(64, answer.Header("X-User-Signature")!.Length);
        Assert.True(long.Parse(answer.Header("X-User-Signature-Ts")!, System.Globalization.CultureInfo.InvariantCulture) > 1_700_000_000_000);
    }

    [Fact]
    [Contract("Kamiwaza", "GET /auth/validate", "no token 401 with a challenge; one that is none 401")]
    public async Task A_gateway_lets_nobody_else_through()
    {
        var without = await server.SendAsync("GET", "/auth/validate");

        without.Is(401, """{"detail":"Not authenticated"}""");
        Assert.Equal("Bearer", without.Header("WWW-Authenticate"));
        Assert.Null(without.Header("X-User-Id"));
        (await server.SendAsync("GET", "/auth/validate", null, Bearer("not.a.token"))).Is(401, """{"detail":"Invalid token"}""");
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/validate", "a token of the chat application is judged by its own API, where both are switched on")]
    public async Task A_token_of_the_chat_application_is_known_at_the_shared_path()
    {
        var user = await server.Server.AddUserAsync(NewName("chat"));
        var token = (await server.SendAsync("POST", "/token", Form(("username", user.UserName), ("password", user.Password))))["access_token"]!;

        (await server.SendAsync("POST", "/auth/validate", null, Bearer(token))).Is(200, $$"""{"username":"{{user.UserName}}","valid":true}""");
        (await server.SendAsync("GET", "/auth/verify-token", null, Bearer(token))).Is(401, """{"detail":"Not authenticated"}""");
    }

    [Fact]
    [Contract("Kamiwaza", "GET /auth/jwks", "RSA keys only, each with all six members; they verify the tokens")]
    public async Task The_keys_are_rsa()
    {
        var kay = await KamiwazaPerson.NewAsync(server);

        var answer = await server.SendAsync("GET", "/auth/jwks");

        var keys = answer.Json["keys"]!.AsArray();
        Assert.NotEmpty(keys);
        Assert.All(keys, static k => Assert.Equal(["alg", "e", "kid", "kty", "n", "use"], k!.AsObject().Select(static m => m.Key).Order(StringComparer.Ordinal)));
        Assert.All(keys, static k => Assert.Equal(("RSA", "RS256", "sig"), ((string?)k!["kty"], (string?)k["alg"], (string?)k["use"])));
        var now = server.Server.Clock.GetUtcNow();
        Assert.True(Jwt.TryVerify(kay.Token, JsonWebKeySet.Parse(answer.Body), SignatureAlgorithm.Asymmetric, JwtType.AccessToken, new JwtExpectations { Now = now, Issuer = server.Server.Issuer }, out _, out var fault), fault.ToString());
    }

    [Theory]
    [InlineData("/auth/", """{"message":"Kamiwaza Auth Service"}"""), InlineData("/api/auth", """{"message":"Kamiwaza Auth Service"}"""), InlineData("/auth/health", """{"status":"healthy","KAMIWAZA_USE_AUTH":true}""")]
    [Contract("Kamiwaza", "GET /auth/", "exactly the text that clients compare; health")]
    public async Task The_front_says_what_it_is(string path, string body) => (await server.SendAsync("GET", path)).Is(200, body);

    [Fact]
    [Contract("Kamiwaza", "GET /ping", "pong, with the time")]
    public async Task A_ping_is_answered()
    {
        var answer = await server.SendAsync("GET", "/ping");

        answer.Is(200, $$"""{"status":"pong","timestamp":"{{answer["timestamp"]}}"}""");
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    [Contract("Kamiwaza", "POST /auth/pats", "in the address or as JSON: a JWT with sub, jti, aud, roles and exp, and its description; listed; refused at once when revoked")]
    public async Task A_personal_token_lives_until_it_is_revoked(bool inAddress)
    {
        var kay = await KamiwazaPerson.NewAsync(server);

        var made = inAddress ? await kay.SendAsync("POST", "/auth/pats?name=ci&ttl_seconds=600&scope=write&aud=kamiwaza-platform") : await kay.SendAsync("POST", "/auth/pats", new { name = "ci", ttl_seconds = 600, scope = "write", aud = "kamiwaza-platform" });

        Assert.True(made.Status == 200, made.Body);
        var (token, pat) = (made["token"]!, made.Json["pat"]!);
        var claims = KamiwazaPerson.Claims(token);
        Assert.Equal((kay.User.Id, (string?)pat["jti"], "kamiwaza-platform", (long)pat["exp"]!), ((string?)claims["sub"], (string?)claims["jti"], (string?)claims["aud"], (long)claims["exp"]!));
        Assert.Equal(600, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.Empty(claims["roles"]!.AsArray());
        var described = $$"""
            {"id":"{{pat["id"]}}","jti":"{{pat["jti"]}}","owner_id":"{{kay.User.Id}}","name":"ci","ttl_seconds":600,"scope":"write","aud":"kamiwaza-platform","exp":{{pat["exp"]}},"tenant_id":null,
             "created_at":"{{pat["created_at"]}}","updated_at":"{{pat["updated_at"]}}","revoked":false}
            """;
        made.Is(200, $$"""{"token":"{{token}}","pat":{{described}}}""");
        (await kay.SendAsync("GET", "/auth/pats")).Is(200, $$"""{"pats":[{{described}}]}""");
        Assert.Equal(200, (await server.SendAsync("GET", "/auth/users/me", null, Bearer(token))).Status);

        (await kay.SendAsync("DELETE", "/auth/pats/" + pat["jti"])).Is(200, $$"""{"revoked":true,"jti":"{{pat["jti"]}}"}""");
        (await server.SendAsync("GET", "/auth/users/me", null, Bearer(token))).Is(401, """{"detail":"Not authenticated"}""");
        Assert.True((bool)(await kay.SendAsync("GET", "/auth/pats")).Json["pats"]![0]!["revoked"]!);
        Assert.Equal(200, (await kay.SendAsync("GET", "/auth/users/me")).Status);
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/pats", "an administrator's token administers only where its scope says admin, and opens nothing else of this server")]
    public async Task A_personal_token_does_what_it_was_made_for()
    {
        var admin = await KamiwazaPerson.NewAsync(server, administrator: true);
        var plain = (await admin.SendAsync("POST", "/auth/pats?name=plain&scope=write%20users:write%20openid"))["token"]!;
        var powerful = (await admin.SendAsync("POST", "/auth/pats?name=powerful&scope=admin"))["token"]!;

        (await server.SendAsync("GET", "/auth/users/", null, Bearer(plain))).Is(403, """{"detail":"The right users:read is needed."}""");
        Assert.Equal(200, (await server.SendAsync("GET", "/auth/users/", null, Bearer(powerful))).Status);
        Assert.Empty(KamiwazaPerson.Claims(plain)["roles"]!.AsArray());
        Assert.Equal("admin", (string?)KamiwazaPerson.Claims(powerful)["roles"]![0]);
        Assert.Equal(401, (int)(await server.Server.GetAsync("/api/admin/v1/users", plain)).StatusCode);
        Assert.Equal(401, (int)(await server.Server.GetAsync("/api/admin/v1/users", powerful)).StatusCode);
        (await server.SendAsync("POST", "/auth/pats?name=more", null, Bearer(powerful))).Is(403, """{"detail":"A personal access token cannot make another one"}""");
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/pats", "no name, another audience or no lifetime, 422; somebody else's, 404")]
    public async Task A_personal_token_is_asked_for_in_the_right_words()
    {
        var (kay, other) = (await KamiwazaPerson.NewAsync(server), await KamiwazaPerson.NewAsync(server));
        var jti = (string?)(await kay.SendAsync("POST", "/auth/pats?name=ci")).Json["pat"]!["jti"];

        (await kay.SendAsync("POST", "/auth/pats")).Is(422, """{"detail":[{"type":"missing","loc":["query","name"],"msg":"Field required","input":null}]}""");
        (await kay.SendAsync("POST", "/auth/pats?name=ci&aud=" + Uri.EscapeDataString(server.Server.Issuer))).Is(422, """{"detail":[{"type":"value_error","loc":["query","aud"],"msg":"The audience is kamiwaza-platform","input":null}]}""");
        Assert.Equal(422, (await kay.SendAsync("POST", "/auth/pats?name=ci&ttl_seconds=0")).Status);
        (await other.SendAsync("DELETE", "/auth/pats/" + jti)).Is(404, """{"detail":"PAT not found"}""");
    }

    [Fact]
    [Contract("Kamiwaza", "GET /auth/login", "a browser is led through the server's own sign-in and comes back with the platform's cookie; nowhere else")]
    public async Task A_browser_signs_in()
    {
        await server.Server.AddClientAsync(new Client { ClientId = "kamiwaza-platform", RedirectUris = [server.Server.Issuer + "/api/auth/callback"], ConsentType = ConsentTypes.Implicit, TokenEndpointAuthMethod = "none" });
        var user = await server.Server.AddUserAsync(NewName("kay"));
        Assert.Equal(400, (await server.SendAsync("GET", "/auth/login?redirect_uri=https%3A%2F%2Fevil.example%2F")).Status);
        Assert.Equal(400, (await server.SendAsync("GET", "/auth/login?return_to=%2F%2Fevil.example")).Status);

        var login = await server.SendAsync("GET", "/auth/login?return_to=%2Fhome");

        Assert.Equal(302, login.Status);
        Assert.StartsWith(server.Server.Issuer + "/connect/authorize?client_id=kamiwaza-platform&", login.Header("Location"), StringComparison.Ordinal);
        Assert.Contains("HttpOnly; SameSite=Lax; Secure", login.Header("Set-Cookie"), StringComparison.Ordinal);
        (await server.SendAsync("GET", "/api/auth/callback?code=x&state=y")).Is(400, """{"detail":"Invalid state"}""");
        Assert.NotNull(user);
    }
}

/// <summary>What changes with time, on a clock of its own, with the tokens of this server.</summary>
public sealed class KamiwazaTokensOverTime(KamiwazaTokensOverTime.Fixture server) : IClassFixture<KamiwazaTokensOverTime.Fixture>
{
    public sealed class Fixture : DialectServer;

    [Fact]
    [Contract("Kamiwaza", "POST /auth/refresh", "a token ends after an hour, and the refresh token gives another one until a day is over")]
    public async Task Tokens_end_and_are_refreshed()
    {
        var kay = await KamiwazaPerson.NewAsync(server);

        server.Server.Clock.Advance(TimeSpan.FromMinutes(61));
        (await kay.SendAsync("GET", "/auth/validate")).Is(401, """{"detail":"Token expired"}""");
        var next = await server.SendAsync("POST", "/auth/refresh?refresh_token=" + kay.Refresh, null, Bearer(kay.Token));
        Assert.Equal(200, next.Status);

        server.Server.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal(401, (await server.SendAsync("POST", "/auth/refresh?refresh_token=" + next["refresh_token"])).Status);
    }
}

/// <summary>With a secret that services verify by themselves; tokens of the secret before are still taken.</summary>
public sealed class KamiwazaSharedKey(KamiwazaSharedKey.WithKey server) : IClassFixture<KamiwazaSharedKey.WithKey>
{
    public sealed class WithKey : DialectServer
    {
        protected override IEnumerable<(string Name, string Value)> Settings => [("Dialects:Kamiwaza:SigningKey", "short-secret"), ("Dialects:Kamiwaza:PreviousSigningKeys:0", "older-secret")];
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/token", "HS256 with a shared secret, also a short one: good here and nowhere else of this server")]
    public async Task A_shared_secret_signs()
    {
        var kay = await KamiwazaPerson.NewAsync(server);

        Assert.Equal(200, (await kay.SendAsync("GET", "/auth/users/me")).Status);
        Assert.Equal("kamiwaza-platform", (string?)KamiwazaPerson.Claims(kay.Token)["aud"]);
        Assert.Equal(401, (int)(await server.Server.GetAsync("/connect/userinfo", kay.Token)).StatusCode);
        var made = await kay.SendAsync("POST", "/auth/pats?name=ci");
        Assert.Equal((string?)made.Json["pat"]!["jti"], (string?)KamiwazaPerson.Claims(made["token"]!)["jti"]);
        Assert.Equal(200, (await server.SendAsync("GET", "/auth/users/me", null, Bearer(made["token"]!))).Status);
        Assert.Equal(200, (await kay.SendAsync("POST", "/auth/logout", new { })).Status);
        Assert.Equal(401, (await kay.SendAsync("GET", "/auth/users/me")).Status);
    }

    [Theory]
    [InlineData("older-secret", 200), InlineData("stranger-secret", 401)]
    [Contract("Kamiwaza", "GET /auth/users/me", "a token signed by the previous secret is taken while it is replaced; by another one not")]
    public async Task The_previous_secret_is_still_taken(string secret, int status)
    {
        var kay = await KamiwazaPerson.NewAsync(server);
        var signed = kay.Token[..kay.Token.LastIndexOf('.')];
        var mac = System.Security.Cryptography.HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret), System.Text.Encoding.ASCII.GetBytes(signed));

        Assert.Equal(status, (await server.SendAsync("GET", "/auth/users/me", null, Bearer(signed + "." + System.Buffers.Text.Base64Url.EncodeToString(mac)))).Status);
    }
}
