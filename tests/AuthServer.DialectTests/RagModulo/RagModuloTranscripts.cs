using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.RagModulo;

/// <summary>The documented calls and those of the command line and the web page, each with the whole answer.</summary>
public sealed class RagModuloTranscripts(RagModuloServer server) : IClassFixture<RagModuloServer>
{
    private const string Invalid = """{"detail":"Invalid credentials","error":"Invalid credentials"}""";

    [Theory]
    [InlineData("/api/auth/register"), InlineData("/api/auth/register/")]
    [Contract("RagModulo", "POST /api/auth/register", "a new user, 201 with user_id (a version 4 UUID), username and email")]
    public async Task A_user_is_registered(string path)
    {
        var name = NewName() + "@example.com";

        var answer = await server.SendAsync("POST", path, Json(new { username = name, password = Password, email = name, role = "admin" }));

        answer.Is(201, $$"""{"user_id":"{{answer["user_id"]}}","username":"{{name}}","email":"{{name}}"}""");
        Assert.Equal(4, Guid.Parse(answer["user_id"]!).Version);
        Assert.Equal("user", (await server.SendAsync("GET", "/api/auth/me", null, Bearer(await server.TokenAsync(name))))["role"]);
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/register", "the name is taken, 409")]
    public async Task A_name_that_is_taken_is_a_conflict()
    {
        var name = await server.RegisterAsync();

        (await server.SendAsync("POST", "/api/auth/register", Json(new { username = name, password = Password, email = name }))).Is(409, """{"detail":"Username already registered"}""");
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/register", "a field is missing or not allowed, 422; no password comes back")]
    public async Task What_is_wrong_with_a_registration_is_named_and_nothing_is_repeated()
    {
        var missing = await server.SendAsync("POST", "/api/auth/register", Json(new { username = 7, password = Password }));
        var bad = await server.SendAsync("POST", "/api/auth/register", Json(new { username = NewName(), password = Password, email = "no address" }));

        missing.Is(422, """{"detail":[{"type":"string_type","loc":["body","username"],"msg":"Input should be a valid string","input":null},{"type":"missing","loc":["body","email"],"msg":"Field required","input":{}}]}""");
        bad.Is(422, """{"detail":[{"type":"value_error","loc":["body","email"],"msg":"value is not a valid email address","input":null}]}""");
        Assert.DoesNotContain(Password, missing.Body + bad.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/auth/login"), InlineData("/api/auth/login/")]
    [Contract("RagModulo", "POST /api/auth/login", "200 with access_token, token_type and expires_in 3600, and no expires_at")]
    public async Task A_user_signs_in(string path)
    {
        var answer = await server.SendAsync("POST", path, Json(new { username = await server.RegisterAsync(), password = Password }));

        answer.Is(200, $$"""{"access_token":"{{answer["access_token"]}}","token_type":"bearer","expires_in":3600}""");
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/login", "the token names sub, email, name, uuid, role, exp and iat")]
    public async Task The_token_carries_the_old_claims()
    {
        var name = await server.RegisterAsync();

        var claims = RagModuloServer.Claims(await server.TokenAsync(name));

        Assert.Equal(4, Guid.Parse((string)claims["sub"]!).Version);
        Assert.Equal((name, name, (string)claims["sub"]!, "user"), ((string)claims["email"]!, (string)claims["name"]!, (string)claims["uuid"]!, (string)claims["role"]!));
        Assert.Equal(3600, (long)claims["exp"]! - (long)claims["iat"]!);
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/login", "wrong password or unknown user, 401 with detail and error")]
    public async Task A_wrong_password_is_refused_as_an_unknown_user_is()
    {
        (await server.SignInAsync(await server.RegisterAsync(), "not the right one")).Is(401, Invalid);
        (await server.SignInAsync(NewName("nobody"))).Is(401, Invalid);
    }

    [Theory]
    [InlineData("Bearer not.a.token"), InlineData("Bearer "), InlineData("Basic YTpi")]
    [Contract("RagModulo", "POST /api/auth/login", "an old token in the header is ignored")]
    public async Task An_old_token_says_nothing_at_the_sign_in(string header) =>
        Assert.Equal(200, (await server.SignInAsync(await server.RegisterAsync(), Password, ("Authorization", header))).Status);

    [Fact]
    [Contract("RagModulo", "POST /api/auth/login", "a locked account, 401 without Retry-After, also with the right password")]
    public async Task A_locked_account_is_refused_without_a_time_to_wait()
    {
        var name = await server.RegisterAsync();
        for (var i = 0; i < 12; i++) await server.SignInAsync(name, "wrong " + NewName());

        var answer = await server.SignInAsync(name);

        answer.Is(401, """{"detail":"Too many failed attempts. Try again later.","error":"Too many failed attempts. Try again later."}""");
        Assert.Null(answer.Header("Retry-After"));
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/login", "no JSON, or a field is missing, 422 with error beside detail")]
    public async Task A_sign_in_without_its_fields_is_refused()
    {
        (await server.SendAsync("POST", "/api/auth/login", Json(new { username = "a" }))).Is(422,
            """{"detail":[{"type":"missing","loc":["body","password"],"msg":"Field required","input":{}}],"error":"username and password are required"}""");
        (await server.SendAsync("POST", "/api/auth/login", Form(("username", "a"), ("password", Password)))).Is(422,
            """{"detail":[{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":""}],"error":"username and password are required"}""");
    }

    [Fact]
    [Contract("RagModulo", "GET /api/auth/me", "200 with id, email, name, uuid, role and username")]
    public async Task Who_is_calling()
    {
        var name = await server.RegisterAsync();

        var answer = await server.SendAsync("GET", "/api/auth/me", null, Bearer(await server.TokenAsync(name)));

        answer.Is(200, $$"""{"id":"{{answer["id"]}}","email":"{{name}}","name":"{{name}}","uuid":"{{answer["id"]}}","role":"user","username":"{{name}}"}""");
    }

    [Fact]
    [Contract("RagModulo", "GET /api/auth/me", "no token or one that is none, 401")]
    public async Task Without_a_good_token_nobody_is_calling()
    {
        (await server.SendAsync("GET", "/api/auth/me")).Is(401, """{"detail":"Not authenticated"}""");
        (await server.SendAsync("GET", "/api/auth/me", null, Bearer("dev-anything"))).Is(401, """{"detail":"Invalid authentication credentials"}""");
        (await server.SendAsync("GET", "/api/auth/me", null, Bearer("mock_token_for_testing"))).Is(401, """{"detail":"Invalid authentication credentials"}""");
    }

    [Fact]
    [Contract("RagModulo", "GET /api/auth/userinfo", "200 with sub, name, email, uuid and role; an administrator's role is admin; without an address there is one")]
    public async Task The_web_page_gets_what_it_takes_apart()
    {
        var admin = await server.Server.AddAdministratorAsync(NewName("chief"));

        var answer = await server.SendAsync("GET", "/api/auth/userinfo", null, Bearer(await server.TokenAsync(admin.UserName)));

        answer.Is(200, $$"""{"sub":"{{admin.Id}}","name":"{{admin.UserName}}","email":"{{admin.UserName}}@users.example.com","uuid":"{{admin.Id}}","role":"admin"}""");
    }

    [Theory]
    [InlineData(null, "Not authenticated"), InlineData("Basic YTpi", "Invalid authorization scheme"), InlineData("Bearer not.a.token", "Invalid token")]
    [Contract("RagModulo", "GET /api/auth/userinfo", "no header, another scheme or a bad token, 401, each in its own words")]
    public async Task Userinfo_says_what_is_wrong_with_the_header(string? header, string detail) =>
        (await server.SendAsync("GET", "/api/auth/userinfo", null, header is null ? [] : [("Authorization", header)])).Is(401, $$"""{"detail":"{{detail}}"}""");

    [Theory]
    [InlineData(null, """{"authenticated":false}"""), InlineData("Basic YTpi", """{"authenticated":false}"""), InlineData("Bearer not.a.token", """{"authenticated":false,"error":"Invalid token"}""")]
    [Contract("RagModulo", "GET /api/auth/check-auth", "always 200; authenticated false, with error where there was a token")]
    public async Task Asking_whether_one_is_signed_in_is_never_refused(string? header, string json) =>
        (await server.SendAsync("GET", "/api/auth/check-auth", null, header is null ? [] : [("Authorization", header)])).Is(200, json);

    [Theory]
    [InlineData(null, """{"authenticated":false,"user":null}"""), InlineData("Bearer not.a.token", """{"authenticated":false,"user":null,"error":"Invalid token"}""")]
    [Contract("RagModulo", "GET /api/auth/session", "always 200; user null, with error where there was a token")]
    public async Task Asking_for_the_session_is_never_refused(string? header, string json) =>
        (await server.SendAsync("GET", "/api/auth/session", null, header is null ? [] : [("Authorization", header)])).Is(200, json);

    [Fact]
    [Contract("RagModulo", "GET /api/auth/check-auth", "a good token, 200 with user_id")]
    [Contract("RagModulo", "GET /api/auth/session", "a good token, 200 with user")]
    public async Task A_signed_in_person_is_told_so()
    {
        var name = await server.RegisterAsync();
        var token = await server.TokenAsync(name);
        var id = (string)RagModuloServer.Claims(token)["sub"]!;

        (await server.SendAsync("GET", "/api/auth/check-auth", null, Bearer(token))).Is(200, $$"""{"authenticated":true,"user_id":"{{id}}"}""");
        (await server.SendAsync("GET", "/api/auth/session", null, Bearer(token))).Is(200, $$"""{"authenticated":true,"user":{"sub":"{{id}}","name":"{{name}}","email":"{{name}}","uuid":"{{id}}","role":"user"} }""");
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    [Contract("RagModulo", "POST /api/auth/token", "the web page's form of username and password, multipart or not: 200 with an ID token")]
    public async Task The_web_page_signs_in_with_a_form(bool multipart)
    {
        (string, string)[] fields = [("username", await server.RegisterAsync()), ("password", Password)];

        var answer = await server.SendAsync("POST", "/api/auth/token", multipart ? Multipart(fields) : Form(fields));

        answer.Is(200, $$"""{"access_token":"{{answer["access_token"]}}","token_type":"bearer","expires_in":3600,"id_token":"{{answer["id_token"]}}"}""");
        Assert.Equal(fields[0].Item2, (string)RagModuloServer.Claims(answer["id_token"]!)["email"]!);
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/token", "wrong password, 401; a field missing, 422")]
    public async Task The_form_of_the_web_page_is_refused()
    {
        (await server.SendAsync("POST", "/api/auth/token", Multipart(("username", await server.RegisterAsync()), ("password", "not the right one")))).Is(401, """{"detail":"Invalid credentials"}""");
        (await server.SendAsync("POST", "/api/auth/token", Multipart(("username", "a")))).Is(422, """{"detail":[{"type":"missing","loc":["body","password"],"msg":"Field required","input":null}]}""");
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/token", "OAuth's grants are OAuth's: errors of RFC 6749, client authentication from the form")]
    public async Task What_speaks_oauth_at_the_old_path_is_answered_by_oauth()
    {
        const string secret = "0123456789abcdef0123456789abcdef";
        var client = await server.Server.AddClientAsync(new Client { ClientId = NewName("worker"), TokenEndpointAuthMethod = "client_secret_post", GrantTypes = [GrantTypes.ClientCredentials], ResponseTypes = [] }, secret);

        var good = await server.SendAsync("POST", "/api/auth/token", Form(("grant_type", "client_credentials"), ("client_id", client.ClientId), ("client_secret", secret)));
        var bad = await server.SendAsync("POST", "/api/auth/token", Form(("grant_type", "authorization_code"), ("code", "x"), ("client_id", "unknown")));

        Assert.True(good.Status == 200, good.Body);
        Assert.Equal("Bearer", good["token_type"]);
        Assert.Equal((401, "invalid_client"), (bad.Status, bad["error"]));
    }

    [Fact]
    [Contract("RagModulo", "POST /api/auth/logout", "200 with or without a token, and the token is over")]
    public async Task A_token_is_over_after_signing_out()
    {
        var token = await server.TokenAsync(await server.RegisterAsync());

        (await server.SendAsync("POST", "/api/auth/logout", null, Bearer(token))).Is(200, """{"message":"Logged out successfully"}""");
        (await server.SendAsync("POST", "/api/auth/logout")).Is(200, """{"message":"Logged out successfully"}""");

        (await server.SendAsync("GET", "/api/auth/me", null, Bearer(token))).Is(401, """{"detail":"Invalid authentication credentials"}""");
        (await server.SendAsync("GET", "/api/auth/check-auth", null, Bearer(token))).Is(200, """{"authenticated":false,"error":"Invalid token"}""");
    }

    [Fact]
    [Contract("RagModulo", "GET /api/health", "200")]
    public async Task The_service_is_healthy() => (await server.SendAsync("GET", "/api/health")).Is(200, """{"status":"healthy"}""");

    [Fact]
    [Contract("RagModulo", "GET /.well-known/openid_configuration", "the misspelt name of the discovery document")]
    public async Task The_misspelt_discovery_is_discovery() =>
        Assert.Equal((await server.SendAsync("GET", "/.well-known/openid-configuration")).Body, (await server.SendAsync("GET", "/.well-known/openid_configuration")).Body);

    [Fact]
    [Contract("RagModulo", "PUT /api/auth/login", "another method, 405 with Allow; the sign-in's errors have error, too")]
    public async Task Another_method_is_not_allowed()
    {
        var answer = await server.SendAsync("PUT", "/api/auth/login");

        answer.Is(405, """{"detail":"Method Not Allowed","error":"Method Not Allowed"}""");
        Assert.Equal("GET\nPOST", answer.Header("Allow"));
        (await server.SendAsync("DELETE", "/api/auth/me")).Is(405, """{"detail":"Method Not Allowed"}""");
    }
}
