using AuthServer.Testing;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Samurai;

/// <summary>Signing in, refreshing and signing out at SamurAI's service, each call with the whole answer.</summary>
public sealed class SamuraiSignIn(DialectServer server) : IClassFixture<DialectServer>
{
    private const string WrongCredentials = """{"detail":"Invalid credentials"}""";

    private Task<WireAnswer> VerifyAsync(string token) => server.CallAsync("token/verify", new { token });

    [Theory]
    [InlineData("/api/accounts/login/", "json"), InlineData("/api/accounts/login", "form"), InlineData("/api/login/", "multipart"), InlineData("/api/login", "json")]
    [Contract("Samurai", "POST /login/", "200 with refresh and access, both JWTs with token_type, iat, exp, jti and an integer user_id; the address need not be confirmed")]
    public async Task A_user_signs_in_by_the_address(string path, string kind)
    {
        var email = await server.RegisteredAsync();
        (string, string)[] fields = [("email", email), ("password", Password)];

        var answer = await server.SendAsync("POST", path, kind switch { "form" => Form(fields), "multipart" => Multipart(fields), _ => Json(new { email, password = Password }) });

        answer.Is(200, $$"""{"refresh":"{{answer["refresh"]}}","access":"{{answer["access"]}}"}""");
        var (access, refresh) = (SamuraiPeople.Claims(answer["access"]!), SamuraiPeople.Claims(answer["refresh"]!));
        Assert.Equal(("access", "refresh"), ((string)access["token_type"]!, (string)refresh["token_type"]!));
        Assert.True((int)access["user_id"]! > 0);
        Assert.Equal((int)access["user_id"]!, (int)refresh["user_id"]!);
        Assert.Equal((3600, 86400), ((int)access["exp"]! - (int)access["iat"]!, (int)refresh["exp"]! - (int)refresh["iat"]!));
        Assert.NotEqual((string)access["jti"]!, (string)refresh["jti"]!);
        Assert.DoesNotContain(email, string.Join(' ', refresh), StringComparison.Ordinal);
    }

    [Fact]
    [Contract("Samurai", "POST /login/", "wrong password, unknown or disabled user, 401 without a challenge")]
    public async Task Whoever_may_not_sign_in_is_told_nothing_more()
    {
        var (wrong, disabled) = (await server.RegisteredAsync(), await server.RegisteredAsync());
        await server.ChangeAsync(disabled, static (users, user) =>
        {
            user.Disabled = true;
            return users.UpdateAsync(user);
        });

        foreach (var (email, password) in new[] { (wrong, "not the right one"), (SamuraiPeople.NewAddress(), Password), (disabled, Password) })
        {
            var answer = await server.CallAsync("login", new { email, password });
            answer.Is(401, WrongCredentials);
            Assert.Null(answer.Header("WWW-Authenticate"));
        }
    }

    [Fact]
    [Contract("Samurai", "POST /login/", "a second factor is set up, 401: the password alone signs nobody in")]
    public async Task A_password_alone_does_not_do_for_a_second_factor()
    {
        var email = await server.RegisteredAsync();
        var id = "";
        await server.ChangeAsync(email, (_, user) => Task.FromResult(id = user.Id));
        await TestAuthenticator.SetUpAsync(server.Server, id);

        (await server.CallAsync("login", new { email, password = Password })).Is(401, """{"detail":"Sign in with a browser: this account needs more than a password"}""");
    }

    [Fact]
    [Contract("Samurai", "POST /login/", "a user name instead of an address, for people of this server's other doors")]
    public async Task A_user_name_signs_in_as_well()
    {
        var user = await server.Server.AddUserAsync(NewName());

        Assert.Equal(200, (await server.CallAsync("login", new { email = user.UserName, password = user.Password })).Status);
    }

    [Theory]
    [InlineData("""{"password":" "}""", """{"email":["This field is required."],"password":["This field may not be blank."]}""")]
    [InlineData("""{"email":"a@b","password":"x"}""", """{"email":["Enter a valid email address."]}""")]
    [Contract("Samurai", "POST /login/", "what is missing, blank or no address, 400 with a list for each field")]
    public async Task What_is_wrong_with_a_sign_in_is_said_by_field(string body, string answer) => (await server.SendAsync("POST", "/api/accounts/login/", Json(body))).Is(400, answer);

    [Theory]
    [InlineData("/api/accounts/token/refresh/"), InlineData("/api/accounts/token/refresh"), InlineData("/api/token/refresh/"), InlineData("/api/token/refresh")]
    [Contract("Samurai", "POST /token/refresh/", "200 with a new access and a new refresh token")]
    public async Task Tokens_are_refreshed(string path)
    {
        var (access, refresh) = await server.SignedInAsync();

        var answer = await server.SendAsync("POST", path, Json(new { refresh }), Bearer("stale"));

        answer.Is(200, $$"""{"access":"{{answer["access"]}}","refresh":"{{answer["refresh"]}}"}""");
        Assert.NotEqual(refresh, answer["refresh"]);
        Assert.Equal((int)SamuraiPeople.Claims(access)["user_id"]!, (int)SamuraiPeople.Claims(answer["access"]!)["user_id"]!);
        Assert.Equal(200, (await VerifyAsync(answer["access"]!)).Status);
        Assert.Equal(200, (await server.CallAsync("token/refresh", new { refresh = answer["refresh"] })).Status);
    }

    [Fact]
    [Contract("Samurai", "POST /token/refresh/", "a refresh token used before, 401 blacklisted; what came of it falls as well")]
    public async Task A_refresh_token_is_good_once()
    {
        var (_, refresh) = await server.SignedInAsync();
        var next = (await server.CallAsync("token/refresh", new { refresh }))["refresh"]!;

        var again = await server.CallAsync("token/refresh", new { refresh });

        again.Is(401, SamuraiPeople.Blacklisted);
        Assert.Equal("Bearer realm=\"api\"", again.Header("WWW-Authenticate"));
        (await server.CallAsync("token/refresh", new { refresh = next })).Is(401, SamuraiPeople.Blacklisted);
    }

    [Theory]
    [InlineData("/api/accounts/logout/"), InlineData("/api/accounts/logout"), InlineData("/api/logout/"), InlineData("/api/logout")]
    [Contract("Samurai", "POST /logout/", "200 with an empty object; the second time 401 blacklisted; access and refresh tokens fall")]
    public async Task A_user_signs_out(string path)
    {
        var (access, refresh) = await server.SignedInAsync();

        (await server.SendAsync("POST", path, Json(new { refresh }))).Is(200, "{}");

        (await server.SendAsync("POST", path, Json(new { refresh }))).Is(401, SamuraiPeople.Blacklisted);
        (await server.CallAsync("token/refresh", new { refresh })).Is(401, SamuraiPeople.Blacklisted);
        (await VerifyAsync(access)).Is(401, SamuraiPeople.Invalid);
        (await VerifyAsync(refresh)).Is(400, """{"non_field_errors":["Token is blacklisted"]}""");
    }

    [Theory]
    [InlineData("logout"), InlineData("token/refresh")]
    [Contract("Samurai", "POST /logout/", "no token, 400; an access token, 401 wrong type; what is none, 401 invalid")]
    [Contract("Samurai", "POST /token/refresh/", "no token, 400; an access token, 401 wrong type; what is none, 401 invalid")]
    public async Task Only_a_refresh_token_will_do(string view)
    {
        var (access, refresh) = await server.SignedInAsync();

        (await server.CallAsync(view, new { })).Is(400, """{"refresh":["This field is required."]}""");
        (await server.CallAsync(view, new { refresh = "" })).Is(400, """{"refresh":["This field may not be blank."]}""");
        (await server.CallAsync(view, new { refresh = access })).Is(401, SamuraiPeople.WrongType);
        foreach (var garbage in new[] { "x", "a.b.c", SamuraiPeople.Broken(refresh) }) (await server.CallAsync(view, new { refresh = garbage })).Is(401, SamuraiPeople.Invalid);
        Assert.Equal(200, (await VerifyAsync(refresh)).Status);
    }

    [Theory]
    [InlineData("/api/accounts/token/verify/"), InlineData("/api/accounts/token/verify"), InlineData("/api/token/verify/"), InlineData("/api/token/verify")]
    [Contract("Samurai", "POST /token/verify/", "an access or a refresh token, 200 with an empty object; as JSON or a form")]
    public async Task Either_token_is_verified(string path)
    {
        var (access, refresh) = await server.SignedInAsync();

        foreach (var token in new[] { access, refresh })
        {
            (await server.SendAsync("POST", path, Json(new { token }), Bearer("stale"))).Is(200, "{}");
            (await server.SendAsync("POST", path, Form(("token", token)))).Is(200, "{}");
        }
    }

    [Fact]
    [Contract("Samurai", "POST /token/verify/", "no token, 400; garbage, a bad signature, the word Bearer before it, 401; a rotated refresh token, 400")]
    public async Task What_is_no_token_is_not_verified()
    {
        var (access, refresh) = await server.SignedInAsync();

        foreach (var token in new[] { "x", "Bearer " + access, SamuraiPeople.Broken(access), SamuraiPeople.Broken(refresh) })
        {
            var answer = await VerifyAsync(token);
            answer.Is(401, SamuraiPeople.Invalid);
            Assert.Equal("Bearer realm=\"api\"", answer.Header("WWW-Authenticate"));
        }

        (await server.CallAsync("token/verify", new { })).Is(400, """{"token":["This field is required."]}""");
        (await VerifyAsync(" ")).Is(400, """{"token":["This field may not be blank."]}""");
        Assert.Equal(200, (await server.CallAsync("token/refresh", new { refresh })).Status);
        (await VerifyAsync(refresh)).Is(400, """{"non_field_errors":["Token is blacklisted"]}""");
    }

    [Fact]
    [Contract("Samurai", "POST /token/verify/", "a person who was disabled, refused at once")]
    public async Task A_disabled_persons_tokens_are_refused_at_once()
    {
        var email = await server.RegisteredAsync();
        var (access, refresh) = await server.SignedInAsync(email);
        await server.ChangeAsync(email, static (users, user) =>
        {
            user.Disabled = true;
            return users.UpdateAsync(user);
        });

        (await VerifyAsync(access)).Is(401, SamuraiPeople.Invalid);
        (await VerifyAsync(refresh)).Is(400, """{"non_field_errors":["Token is blacklisted"]}""");
        (await server.CallAsync("token/refresh", new { refresh })).Is(401, SamuraiPeople.Blacklisted);
    }
}
