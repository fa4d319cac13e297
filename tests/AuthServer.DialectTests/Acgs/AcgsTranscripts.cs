using System.Text.Json.Nodes;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Acgs;

/// <summary>The documented calls of ACGS, and those of its clients' code, each with the whole answer.</summary>
public sealed class AcgsTranscripts(DialectServer server) : IClassFixture<DialectServer>
{
    [Theory]
    [InlineData("/health"), InlineData("/api/auth/health"), InlineData("/health/")]
    [Contract("Acgs", "GET /health", "200 in the documented shape")]
    public async Task It_is_healthy(string path)
    {
        var answer = await server.SendAsync("GET", path);

        answer.Is(200, $$$"""{"status":"healthy","service":"auth_service","version":"2.1.0","uptime":"{{{answer["uptime"]}}}","dependencies":{"database":"connected","redis":"connected"}}""");
        Assert.True(long.TryParse(answer["uptime"], out _));
    }

    [Theory]
    [InlineData("/auth/register"), InlineData("/api/auth/register"), InlineData("/auth/users/"), InlineData("/auth/users")]
    [Contract("Acgs", "POST /auth/register", "a new user, 201 with the union of the members that clients look for")]
    [Contract("Acgs", "POST /auth/users/", "the older name of registering, 201")]
    public async Task A_user_is_registered(string path)
    {
        var name = NewName("acgs");

        var answer = await server.SendAsync("POST", path, Json(new { username = name, email = name + "@example.com", password = Password, first_name = "Test", last_name = (string?)null }));

        answer.Is(201, $$"""{"id":{{answer.Json["id"]}},"user_id":"{{answer["user_id"]}}","username":"{{name}}","email":"{{name}}@example.com","first_name":"Test","last_name":null,"is_active":true,"is_superuser":false}""");
        Assert.True((int)answer.Json["id"]! > 0);
        Assert.Equal('4', answer["user_id"]![14]);
    }

    [Fact]
    [Contract("Acgs", "POST /auth/register", "name or address taken, 400 with the texts the clients know")]
    public async Task A_name_or_an_address_that_is_taken_is_refused()
    {
        var client = await AcgsClient.RegisteredAsync(server);

        var name = await server.SendAsync("POST", "/auth/register", Json(new { username = client.UserName, email = "other@example.com", password = Password }));
        var email = await server.SendAsync("POST", "/api/auth/register", Json(new { username = NewName("acgs"), email = client.Email.ToUpperInvariant(), password = Password }));

        name.IsAcgs(400, "VALIDATION_ERROR", "Username already registered");
        email.IsAcgs(400, "VALIDATION_ERROR", "Email already registered");
        Assert.Equal("email", (string)email.Json["error"]!["details"]!["field"]!);
    }

    [Fact]
    [Contract("Acgs", "POST /auth/register", "a field is missing, 400 with the envelope and a list in detail; no password comes back")]
    public async Task What_is_missing_is_named_and_nothing_is_repeated()
    {
        var answer = await server.SendAsync("POST", "/auth/register", Json(new { username = "x", password = Password }));

        Assert.Equal(400, answer.Status);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""[{"type":"missing","loc":["body","email"],"msg":"Field required","input":{}}]"""), answer.Json["detail"]), answer.Body);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"field":"email","reason":"Field required"}"""), answer.Json["error"]!["details"]), answer.Body);
        Assert.Equal("VALIDATION_ERROR", (string)answer.Json["error"]!["code"]!);
        Assert.DoesNotContain(Password, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Contract("Acgs", "POST /auth/register", "a password the server does not take, 400")]
    public async Task A_weak_password_is_refused()
    {
        var name = NewName("acgs");

        var answer = await server.SendAsync("POST", "/auth/register", Json(new { username = name, email = name + "@example.com", password = "short" }));

        Assert.Equal(400, answer.Status);
        Assert.Equal("password", (string)answer.Json["error"]!["details"]!["field"]!);
    }

    [Theory]
    [InlineData("json", "/auth/token"), InlineData("form", "/auth/token"), InlineData("multipart", "/auth/token"), InlineData("form", "/auth/login"), InlineData("form", "/api/auth/login"), InlineData("json", "/api/auth/token/")]
    [Contract("Acgs", "POST /auth/token", "JSON, urlencoded or multipart, 200 with tokens in cookies and no refresh token in the body; /auth/login by form is the same")]
    public async Task A_user_signs_in(string form, string path)
    {
        var client = await AcgsClient.RegisteredAsync(server);
        (string, string)[] fields = [("username", client.UserName), ("password", Password)];
        var body = form switch { "json" => Json(new { username = client.UserName, password = Password }), "form" => Form(fields), _ => Multipart(fields) };

        var answer = client.Take(await server.SendAsync("POST", path, body, Bearer("stale.old.token")));

        answer.Is(200, $$"""{"access_token":"{{answer["access_token"]}}","token_type":"bearer","refresh_token":null,"expires_in":1800}""");
        var prefix = path[..path.IndexOf("/auth", StringComparison.Ordinal)];
        Assert.EndsWith("; max-age=1800; path=/; secure; samesite=lax; httponly", client.Lines["access_token_cookie"], StringComparison.Ordinal);
        Assert.EndsWith($"; max-age=604800; path={prefix}/auth/token/refresh; secure; samesite=lax; httponly", client.Lines["refresh_token_cookie"], StringComparison.Ordinal);
        Assert.EndsWith("; max-age=3600; path=/; secure; samesite=lax; httponly", client.Lines["fastapi-csrf-token"], StringComparison.Ordinal);
        Assert.EndsWith("; max-age=3600; path=/; secure; samesite=lax", client.Lines["csrf_access_token"], StringComparison.Ordinal);
        Assert.Equal(client.Value("csrf_access_token"), client.PythonCsrf);
        Assert.Matches(@"\A[0-9a-f]{40}\z", client.PythonCsrf);
    }

    [Fact]
    [Contract("Acgs", "POST /auth/token", "wrong password or unknown user, 401")]
    public async Task A_wrong_password_is_refused_as_an_unknown_user_is()
    {
        var client = await AcgsClient.RegisteredAsync(server);

        var wrong = await server.SendAsync("POST", "/auth/token", Json(new { username = client.UserName, password = "not the right one" }));
        var unknown = await server.SendAsync("POST", "/auth/token", Form(("username", NewName("nobody")), ("password", Password)));

        wrong.IsAcgs(401, "AUTHENTICATION_ERROR", "Incorrect username or password");
        unknown.IsAcgs(401, "AUTHENTICATION_ERROR", "Incorrect username or password");
        Assert.Equal("Bearer", wrong.Header("WWW-Authenticate"));
        Assert.Null(wrong.Header("Set-Cookie"));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    [Contract("Acgs", "GET /auth/me", "by Bearer, as documented, or by cookie, as the service did; also with a stale Bearer beside the cookie")]
    public async Task A_user_sees_who_they_are(bool bearer)
    {
        var client = await AcgsClient.SignedInAsync(server);
        var expected = $$"""{"id":{{client.Id}},"username":"{{client.UserName}}","email":"{{client.Email}}","first_name":"Test","last_name":"User","is_active":true,"is_superuser":false,"uuid":"{{client.Uuid}}","name":"Test User","role":"user"}""";

        foreach (var path in new[] { "/auth/me", "/api/auth/me", "/auth/me/" }) (await server.SendAsync("GET", path, null, bearer ? [client.ByBearer] : [client.Cookies])).Is(200, expected);
        (await server.SendAsync("GET", "/auth/me", null, Bearer("stale.old.token"), client.Cookies)).Is(200, expected);
    }

    [Fact]
    [Contract("Acgs", "GET /auth/me", "nobody is signed in, 401")]
    public async Task Without_a_token_nobody_is_anybody()
    {
        foreach (var headers in new (string, string)[][] { [], [Bearer("not.a.token")], [("Cookie", "access_token_cookie=nonsense")] })
            (await server.SendAsync("GET", "/auth/me", null, headers)).IsAcgs(401, "AUTHENTICATION_ERROR", "Could not validate credentials");
    }

    [Fact]
    [Contract("Acgs", "GET /auth/users/me", "the profile that the shared script reads, with the members of Kamiwaza's")]
    public async Task The_older_profile_has_its_members()
    {
        var client = await AcgsClient.SignedInAsync(server);

        var answer = await server.SendAsync("GET", "/auth/users/me", null, client.Cookies);

        answer.Is(200, $$"""
            {"id":{{client.Id}},"username":"{{client.UserName}}","email":"{{client.Email}}","first_name":"Test","last_name":"User","is_active":true,"is_superuser":false,"uuid":"{{client.Uuid}}","name":"Test User","role":"user",
             "full_name":"Test User","sub":"{{client.Uuid}}","roles":["user"],"groups":[],"created_at":"{{answer["created_at"]}}","updated_at":"{{answer["updated_at"]}}"}
            """);
    }

    [Fact]
    [Contract("Acgs", "POST /auth/token/refresh", "by cookies and the CSRF header, 200; the refresh token is used up and the CSRF pair is a new one")]
    public async Task A_refresh_gives_new_tokens()
    {
        var client = await AcgsClient.SignedInAsync(server);
        var (before, csrf) = (client.ByCookie, client.PythonCsrf);

        var answer = client.Take(await server.SendAsync("POST", "/auth/token/refresh", null, before));

        answer.Is(200, $$"""{"access_token":"{{answer["access_token"]}}","token_type":"bearer","refresh_token":null,"expires_in":1800}""");
        Assert.NotEqual(csrf, client.PythonCsrf);
        Assert.Equal(200, (await server.SendAsync("GET", "/auth/me", null, client.Cookies)).Status);
        (await server.SendAsync("POST", "/auth/token/refresh", null, before)).IsAcgs(401, "AUTHENTICATION_ERROR", "Refresh token revoked or invalid");
        // Somebody else had it: nothing of this sign-in is good any more.
        Assert.Equal(401, (await server.SendAsync("GET", "/auth/me", null, client.Cookies)).Status);
    }

    [Fact]
    [Contract("Acgs", "POST /auth/token/refresh", "no refresh token, or none of ours, 401; a Bearer needs no CSRF pair")]
    public async Task A_refresh_needs_its_cookie()
    {
        var client = await AcgsClient.SignedInAsync(server);

        (await server.SendAsync("POST", "/auth/token/refresh", null, client.ByBearer)).IsAcgs(401, "AUTHENTICATION_ERROR", "Refresh token missing");
        (await server.SendAsync("POST", "/auth/token/refresh", null, client.ByBearer, ("Cookie", "refresh_token_cookie=nonsense"))).IsAcgs(401, "AUTHENTICATION_ERROR", "Invalid or expired refresh token");
    }

    [Theory]
    [InlineData("/auth/token/refresh"), InlineData("/auth/logout"), InlineData("/auth/mfa/setup"), InlineData("/auth/api-keys/")]
    [Contract("Acgs", "POST /auth/logout", "cookies without the CSRF pair, or with one that does not match: refused, and nothing happens")]
    public async Task A_forged_request_is_refused(string path)
    {
        var client = await AcgsClient.SignedInAsync(server);
        var signed = client.Value("fastapi-csrf-token");
        var tokens = $"access_token_cookie={client.Value("access_token_cookie")}; refresh_token_cookie={client.Value("refresh_token_cookie")}";
        var changed = (signed[0] == 'I' ? 'J' : 'I') + signed[1..];

        (await server.SendAsync("POST", path, null, ("Cookie", tokens))).IsAcgs(400, "VALIDATION_ERROR", "Missing Cookie: `fastapi-csrf-token`.");
        (await server.SendAsync("POST", path, null, client.Cookies)).IsAcgs(403, "AUTHORIZATION_ERROR", "Missing CSRF Token");
        (await server.SendAsync("POST", path, null, client.Cookies, ("X-CSRF-Token", new string('0', 40)))).IsAcgs(401, "AUTHENTICATION_ERROR", "The CSRF signatures submitted do not match.");
        (await server.SendAsync("POST", path, null, ("Cookie", tokens + "; fastapi-csrf-token=" + changed), ("X-CSRF-Token", client.PythonCsrf))).IsAcgs(401, "AUTHENTICATION_ERROR", "The CSRF token is invalid.");
        Assert.Equal(200, (await server.SendAsync("GET", "/auth/me", null, client.Cookies)).Status);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    [Contract("Acgs", "POST /auth/logout", "200; access and refresh token are dead at once, the cookies are taken away")]
    public async Task Signing_out_ends_everything(bool bearer)
    {
        var client = await AcgsClient.SignedInAsync(server);
        var refresh = client.Value("refresh_token_cookie");

        var answer = await server.SendAsync("POST", "/auth/logout", null, bearer ? [client.ByBearer] : client.ByCookie);

        answer.Is(200, $$"""{"message":"Logout successful","logout_time":"{{answer["logout_time"]}}","session_termination_requested":true,"front_channel_logout_url":null,"post_logout_redirect_uri":null}""");
        Assert.All(["access_token_cookie", "refresh_token_cookie", "fastapi-csrf-token", "csrf_access_token"], name => Assert.Contains(name + "=; max-age=0", answer.Header("Set-Cookie"), StringComparison.Ordinal));
        Assert.Equal(401, (await server.SendAsync("GET", "/auth/me", null, client.ByBearer)).Status);
        (await server.SendAsync("POST", "/auth/token/refresh", null, client.ByBearer, ("Cookie", "refresh_token_cookie=" + refresh))).IsAcgs(401, "AUTHENTICATION_ERROR", "Refresh token revoked or invalid");
        Assert.Equal(200, (await server.SendAsync("POST", "/auth/logout", null, client.ByBearer)).Status);
    }

    [Fact]
    [Contract("Acgs", "GET /auth/token", "another method, 405 with Allow in the envelope; requests can be followed by their headers")]
    public async Task Requests_can_be_followed()
    {
        var refused = await server.SendAsync("GET", "/auth/mfa/setup", null, ("X-Correlation-ID", "my-trace-1"));
        var answered = await server.SendAsync("GET", "/health", null, ("X-Correlation-ID", "two words"));

        refused.IsAcgs(405, "METHOD_NOT_ALLOWED", "Method Not Allowed");
        Assert.Equal("POST", refused.Header("Allow"));
        Assert.Equal("my-trace-1", refused.Header("X-Correlation-ID"));
        Assert.True(Guid.TryParse(answered.Header("X-Correlation-ID"), out _));
        Assert.Matches(@"\A\d+\.\d\dms\z", answered.Header("X-Response-Time")!);
        Assert.Equal("DENY", answered.Header("X-Frame-Options"));
    }
}
