using AuthServer.Testing;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Kamiwaza;

/// <summary>Signing in, going on, signing out, and who one is: what every SDK does first.</summary>
public sealed class KamiwazaSignInTranscripts(DialectServer server) : IClassFixture<DialectServer>
{
    private const string NotAuthenticated = """{"detail":"Not authenticated"}""";

    [Theory]
    [InlineData("/auth/token"), InlineData("/api/auth/token"), InlineData("/auth/token/")]
    [Contract("Kamiwaza", "POST /auth/token", "the password grant as the SDK sends it, 200 with all five members")]
    public async Task The_sdk_signs_in(string path)
    {
        var user = await server.Server.AddUserAsync(NewName("kay"));

        var answer = await server.SendAsync("POST", path, KamiwazaPerson.Password(user.UserName));

        answer.Is(200, $$"""{"access_token":"{{answer["access_token"]}}","token_type":"bearer","expires_in":3600,"refresh_token":"{{answer["refresh_token"]}}","id_token":"{{answer["id_token"]}}"}""");
        var claims = KamiwazaPerson.Claims(answer["access_token"]!);
        Assert.Equal(user.Id, (string?)claims["sub"]);
        Assert.Contains("kamiwaza-platform", claims["aud"]!.AsArray().Select(static a => (string?)a));
        Assert.Empty(claims["roles"]!.AsArray());
        Assert.Equal(user.UserName, (string?)claims["preferred_username"]);
        Assert.Null(answer.Header("Set-Cookie"));
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/token", "wrong password or unknown user, 401 with a challenge, the same for both")]
    public async Task A_wrong_password_is_refused_as_an_unknown_user_is()
    {
        var user = await server.Server.AddUserAsync(NewName("kay"));

        var wrong = await server.SendAsync("POST", "/auth/token", KamiwazaPerson.Password(user.UserName, "not the right one"));
        var unknown = await server.SendAsync("POST", "/auth/token", KamiwazaPerson.Password(NewName("nobody")));

        wrong.Is(401, """{"detail":"Incorrect username or password"}""");
        unknown.Is(401, """{"detail":"Incorrect username or password"}""");
        Assert.Equal("Bearer", wrong.Header("WWW-Authenticate"));
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/token", "a missing field, 422; no password comes back")]
    public async Task A_missing_field_is_named() => (await server.SendAsync("POST", "/auth/token", Form(("grant_type", "password"), ("password", DialectServer.Password)))).Is(422,
        """{"detail":[{"type":"missing","loc":["body","username"],"msg":"Field required","input":null}]}""");

    [Theory]
    [InlineData("authorization_code"), InlineData("refresh_token"), InlineData("client_credentials"), InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    [Contract("Kamiwaza", "POST /auth/token", "a grant of OAuth is for the server's own token endpoint, with the errors of RFC 6749")]
    public async Task A_grant_of_oauth_reaches_the_token_endpoint(string grant)
    {
        var answer = await server.SendAsync("POST", "/api/auth/token", Form(("grant_type", grant), ("client_id", "nobody"), ("client_secret", "x")));

        Assert.Equal(401, answer.Status);
        Assert.Equal("invalid_client", answer["error"]);
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/token", "client_credentials of a registered client, 200 as at /connect/token")]
    public async Task A_client_gets_its_own_token_at_the_old_path()
    {
        var client = new Engine.Clients.Client { ClientId = NewName("worker"), GrantTypes = ["client_credentials"], ResponseTypes = [], TokenEndpointAuthMethod = "client_secret_post" };
        await server.Server.AddClientAsync(client, "0123456789abcdef0123456789abcdef");

        var answer = await server.SendAsync("POST", "/auth/token", Form(("grant_type", "client_credentials"), ("client_id", client.ClientId), ("client_secret", "0123456789abcdef0123456789abcdef")));

        Assert.True(answer.Status == 200, answer.Body);
        Assert.Equal("Bearer", answer["token_type"]);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    [Contract("Kamiwaza", "POST /auth/local-login", "user name and password in the address, or better in a body, 200 with a token; neither stands in a log")]
    public async Task A_local_user_signs_in(bool inAddress)
    {
        var user = await server.Server.AddUserAsync(NewName("kay"), null, "a passphrase for nobody else");

        var answer = inAddress
            ? await server.SendAsync("POST", $"/api/auth/local-login?username={user.UserName}&password={Uri.EscapeDataString(user.Password)}")
            : await server.SendAsync("POST", "/auth/local-login", Form(("username", user.UserName), ("password", user.Password)));

        Assert.True(answer.Status == 200, answer.Body);
        Assert.Equal(3600, (int)answer.Json["expires_in"]!);
        Assert.DoesNotContain(server.Server.Log.Lines, line => line.Contains("passphrase", StringComparison.Ordinal));
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/local-login", "nothing sent, 422")]
    public async Task A_local_sign_in_needs_both() => (await server.SendAsync("POST", "/auth/local-login")).Is(422,
        """{"detail":[{"type":"missing","loc":["query","username"],"msg":"Field required","input":null},{"type":"missing","loc":["query","password"],"msg":"Field required","input":null}]}""");

    [Theory]
    [InlineData(true, false), InlineData(false, true), InlineData(true, true)]
    [Contract("Kamiwaza", "GET /auth/verify-token", "by the header, by the cookie access_token, or by both: the whole user")]
    public async Task A_token_shows_its_user(bool header, bool cookie)
    {
        var kay = await KamiwazaPerson.NewAsync(server);
        (string, string)[] headers = [.. header ? new[] { Bearer(kay.Token) } : [], .. cookie ? new[] { ("Cookie", "access_token=" + kay.Token) } : []];

        var answer = await server.SendAsync("GET", "/auth/verify-token", null, headers);

        var name = kay.User.UserName;
        answer.Is(200, $$"""
            {"id":"{{kay.User.Id}}","username":"{{name}}","email":"{{name}}@example.com","full_name":"Kay {{name}}","name":"Kay {{name}}","organization_id":null,"is_superuser":false,"external_id":null,
             "is_active":true,"active":true,"deleted":false,"is_external":false,"groups":[],"roles":[],"created_at":"{{answer["created_at"]}}","updated_at":"{{answer["updated_at"]}}","last_login":null}
            """);
        Assert.EndsWith("Z", answer["created_at"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/auth/verify-token"), InlineData("/auth/users/me"), InlineData("/auth/users/"), InlineData("/auth/pats"), InlineData("/auth/users/me/permissions"), InlineData("/whoami"), InlineData("/auth/groups/")]
    [Contract("Kamiwaza", "GET /auth/verify-token", "no token, or one that is none, 401 with a challenge")]
    public async Task Without_a_token_there_is_a_challenge(string path)
    {
        var without = await server.SendAsync("GET", path);
        var garbage = await server.SendAsync("GET", path, null, ("Cookie", "access_token=not.a.token"));

        without.Is(401, NotAuthenticated);
        garbage.Is(401, NotAuthenticated);
        Assert.Equal("Bearer", without.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("/auth/users/me"), InlineData("/api/auth/users/me/"), InlineData("/whoami"), InlineData("/api/whoami")]
    [Contract("Kamiwaza", "GET /auth/users/me", "user name, sub, groups and roles, with the members of ACGS beside them")]
    public async Task One_sees_oneself(string path)
    {
        var kay = await KamiwazaPerson.NewAsync(server);

        var answer = await kay.SendAsync("GET", path);

        var name = kay.User.UserName;
        answer.Is(200, $$"""
            {"username":"{{name}}","sub":"{{kay.User.Id}}","email":"{{name}}@example.com","groups":[],"roles":[],"id":{{answer.Json["id"]}},"full_name":"Kay {{name}}","role":"user","is_active":true,
             "created_at":"{{answer["created_at"]}}","updated_at":"{{answer["updated_at"]}}"}
            """);
        Assert.True((int)answer.Json["id"]! > 0);
    }

    [Fact]
    [Contract("Kamiwaza", "GET /auth/users/me/permissions", "the token in the address and nothing else: rights, roles and groups by name; it stands in no log")]
    public async Task Permissions_are_asked_with_the_token_in_the_address()
    {
        var kay = await KamiwazaPerson.NewAsync(server);
        var expected = $$"""{"user_id":"{{kay.User.Id}}","rights":[],"roles":[],"groups":[]}""";

        (await server.SendAsync("GET", "/auth/users/me/permissions?token=" + kay.Token)).Is(200, expected);
        (await server.SendAsync("POST", "/auth/users/me/permissions", Json(new { token = kay.Token }))).Is(200, expected);
        (await server.SendAsync("GET", "/auth/users/me/permissions?token=none")).Is(401, NotAuthenticated);
        Assert.DoesNotContain(server.Server.Log.Lines, line => line.Contains(kay.Token, StringComparison.Ordinal));
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/refresh", "the refresh token in the address, with a stale Bearer beside it; it is good once, and a second use ends everything")]
    public async Task A_refresh_token_is_good_once()
    {
        var kay = await KamiwazaPerson.NewAsync(server);

        var answer = await server.SendAsync("POST", "/auth/refresh?refresh_token=" + kay.Refresh, null, Bearer("stale.token.here"));
        Assert.True(answer.Status == 200, answer.Body);
        Assert.Equal(["access_token", "expires_in", "id_token", "refresh_token", "token_type"], answer.Json.AsObject().Select(static m => m.Key).Order(StringComparer.Ordinal));
        Assert.NotEqual(kay.Refresh, answer["refresh_token"]);
        Assert.Equal(200, (await server.SendAsync("GET", "/auth/users/me", null, Bearer(answer["access_token"]!))).Status);

        (await server.SendAsync("POST", "/auth/refresh?refresh_token=" + kay.Refresh)).Is(401, """{"detail":"Invalid refresh token"}""");
        (await server.SendAsync("GET", "/auth/users/me", null, Bearer(answer["access_token"]!))).Is(401, NotAuthenticated);
        Assert.DoesNotContain(server.Server.Log.Lines, line => line.Contains(kay.Refresh, StringComparison.Ordinal));
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/refresh", "none sent, 422")]
    public async Task A_refresh_needs_its_token() => (await server.SendAsync("POST", "/auth/refresh")).Is(422, """{"detail":[{"type":"missing","loc":["query","refresh_token"],"msg":"Field required","input":null}]}""");

    [Fact]
    [Contract("Kamiwaza", "POST /auth/logout", "200 with the five members; token and refresh token are refused at once, everywhere")]
    public async Task Signing_out_ends_it_all()
    {
        var kay = await KamiwazaPerson.NewAsync(server);

        var answer = await kay.SendAsync("POST", "/auth/logout", new { });

        answer.Is(200, $$"""{"message":"Logout successful","logout_time":"{{answer["logout_time"]}}","session_termination_requested":true,"front_channel_logout_url":null,"post_logout_redirect_uri":null}""");
        (await kay.SendAsync("GET", "/auth/verify-token")).Is(401, NotAuthenticated);
        (await kay.SendAsync("GET", "/auth/validate")).Is(401, """{"detail":"Invalid token"}""");
        Assert.Equal(401, (await server.SendAsync("POST", "/auth/refresh?refresh_token=" + kay.Refresh)).Status);
        Assert.Equal(401, (int)(await server.Server.GetAsync("/connect/userinfo", kay.Token)).StatusCode);
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/token", "a person who has a second factor is not signed in by the password alone; the code comes as totp")]
    public async Task A_second_factor_is_asked_for()
    {
        var user = await server.Server.AddUserAsync(NewName("kay"));
        var (app, _) = await TestAuthenticator.SetUpAsync(server.Server, user.Id);
        var fields = new[] { ("grant_type", "password"), ("username", user.UserName), ("password", user.Password) };

        (await server.SendAsync("POST", "/auth/token", Form(fields))).Is(401, """{"detail":"A second factor is needed: send its code as totp, or sign in with a browser"}""");
        (await server.SendAsync("POST", "/auth/token", Form([.. fields, ("totp", app.WrongCode())]))).Is(401, """{"detail":"Invalid code"}""");
        Assert.Equal(200, (await server.SendAsync("POST", "/auth/token", Form([.. fields, ("totp", app.Code())]))).Status);
    }

    [Fact]
    [Contract("Kamiwaza", "POST /auth/users/me/password", "the present one is asked for; what the old one opened is over")]
    public async Task A_person_changes_their_password()
    {
        var kay = await KamiwazaPerson.NewAsync(server);

        (await kay.SendAsync("POST", "/auth/users/me/password", new { current_password = "not the right one", new_password = "quite another passphrase" })).Is(400, """{"detail":"Current password is incorrect"}""");
        (await kay.SendAsync("POST", "/auth/users/me/password", new { current_password = kay.User.Password, new_password = "quite another passphrase" })).Is(200, """{"changed":true}""");

        (await kay.SendAsync("GET", "/auth/users/me")).Is(401, NotAuthenticated);
        Assert.Equal(200, (await server.SendAsync("POST", "/auth/token", KamiwazaPerson.Password(kay.User.UserName, "quite another passphrase"))).Status);
    }

    [Theory]
    [InlineData("DELETE", "/auth/verify-token", 405), InlineData("GET", "/auth/nothing/here", 404)]
    [Contract("Kamiwaza", "GET /auth/…", "an unknown path or method, in JSON, never a page")]
    public async Task What_is_not_there_is_said_in_json(string method, string path, int status)
    {
        var answer = await server.SendAsync(method, path, null, ("Accept", "text/html"));

        answer.Is(status, status == 404 ? """{"detail":"Not Found"}""" : """{"detail":"Method Not Allowed"}""");
    }
}
