using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Chat;

/// <summary>The calls of the chat application's gateway, each with the whole answer.</summary>
public sealed class ChatTranscripts(DialectServer server) : IClassFixture<DialectServer>
{
    private const string WrongCredentials = """{"detail":"Incorrect username or password"}""";

    private async Task<string> RegisteredAsync()
    {
        var name = NewName();
        Assert.Equal(201, (await server.SendAsync("POST", "/register", Json(new { name = "Ann", username = name, password = Password }))).Status);
        return name;
    }

    private async Task<string> TokenAsync(string userName) => (await server.SendAsync("POST", "/token", Form(("username", userName), ("password", Password))))["access_token"]!;

    [Theory]
    [InlineData("/register"), InlineData("/register/"), InlineData("/auth/register")]
    [Contract("Chat", "POST /register", "a new user, 201 with id, name and username; with or without the slash and the gateway's prefix")]
    public async Task A_user_is_registered(string path)
    {
        var name = NewName();

        var answer = await server.SendAsync("POST", path, Json(new { name = "Ann", username = name, password = Password, colour = "red" }));

        answer.Is(201, $$"""{"id":{{answer.Json["id"]}},"name":"Ann","username":"{{name}}"}""");
        Assert.True((int)answer.Json["id"]! > 0);
    }

    [Fact]
    [Contract("Chat", "POST /register", "the name is taken, 409")]
    public async Task A_name_that_is_taken_is_a_conflict() =>
        (await server.SendAsync("POST", "/register", Json(new { name = "Other", username = await RegisteredAsync(), password = Password }))).Is(409, """{"detail":"User already exists"}""");

    [Fact]
    [Contract("Chat", "POST /register", "a field is missing or no text, 422; no password comes back")]
    public async Task What_is_missing_is_named_and_nothing_is_repeated()
    {
        var answer = await server.SendAsync("POST", "/register", Json(new { name = 7, password = Password }));

        answer.Is(422, """{"detail":[{"type":"string_type","loc":["body","name"],"msg":"Input should be a valid string","input":null},{"type":"missing","loc":["body","username"],"msg":"Field required","input":{}}]}""");
        Assert.DoesNotContain(Password, answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [Contract("Chat", "POST /token", "urlencoded or multipart, 200 with access_token and token_type")]
    [InlineData(false, "/token"), InlineData(true, "/token"), InlineData(false, "/token/")]
    public async Task A_user_signs_in(bool multipart, string path)
    {
        var name = await RegisteredAsync();
        (string, string)[] fields = [("username", name), ("password", Password), ("grant_type", "password"), ("scope", "")];

        var answer = await server.SendAsync("POST", path, multipart ? Multipart(fields) : Form(fields));

        answer.Is(200, $$"""{"access_token":"{{answer["access_token"]}}","token_type":"bearer"}""");
    }

    [Fact]
    [Contract("Chat", "POST /token", "wrong password or unknown user, 401 with a challenge")]
    public async Task A_wrong_password_is_refused_as_an_unknown_user_is()
    {
        var wrong = await server.SendAsync("POST", "/token", Form(("username", await RegisteredAsync()), ("password", "not the right one")));
        var unknown = await server.SendAsync("POST", "/token", Form(("username", NewName("nobody")), ("password", Password)));

        wrong.Is(401, WrongCredentials);
        unknown.Is(401, WrongCredentials);
        Assert.Equal("Bearer", wrong.Header("WWW-Authenticate"));
    }

    [Fact]
    [Contract("Chat", "POST /token", "a JSON body or a missing field, 422")]
    public async Task A_form_without_its_fields_is_refused()
    {
        var missing = """{"detail":[{"type":"missing","loc":["body","username"],"msg":"Field required","input":null},{"type":"missing","loc":["body","password"],"msg":"Field required","input":null}]}""";

        (await server.SendAsync("POST", "/token", Form(("other", "x")))).Is(422, missing);
    }

    [Fact]
    [Contract("Chat", "POST /token", "another grant_type, 422")]
    public async Task Another_grant_type_is_refused() =>
        (await server.SendAsync("POST", "/token", Form(("username", "a"), ("password", "b"), ("grant_type", "other")))).Is(422,
            """{"detail":[{"type":"string_pattern_mismatch","loc":["body","grant_type"],"msg":"String should match pattern '^password$'","input":"other","ctx":{"pattern":"^password$"}}]}""");

    [Fact]
    [Contract("Chat", "POST /validate", "a good token, 200 with username and valid")]
    public async Task A_token_is_validated()
    {
        var name = await RegisteredAsync();

        (await server.SendAsync("POST", "/validate", null, Bearer(await TokenAsync(name)))).Is(200, $$"""{"username":"{{name}}","valid":true}""");
    }

    [Theory]
    [InlineData(null), InlineData("Basic YTpi")]
    [Contract("Chat", "POST /validate", "no header or another scheme, 401 with a challenge")]
    public async Task Without_a_token_there_is_a_challenge(string? header)
    {
        var answer = await server.SendAsync("POST", "/validate", null, header is null ? [] : [("Authorization", header)]);

        answer.Is(401, """{"detail":"Not authenticated"}""");
        Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
    }

    [Fact]
    [Contract("Chat", "POST /validate", "a token that is none, 401 without a challenge")]
    public async Task A_token_that_is_none_is_invalid()
    {
        var answer = await server.SendAsync("POST", "/validate", null, Bearer("not.a.token"));

        answer.Is(401, """{"detail":"Invalid token"}""");
        Assert.Null(answer.Header("WWW-Authenticate"));
    }

    [Fact]
    [Contract("Chat", "GET /token", "another method, 405 with Allow")]
    public async Task Another_method_is_not_allowed()
    {
        var answer = await server.SendAsync("GET", "/token");

        answer.Is(405, """{"detail":"Method Not Allowed"}""");
        Assert.Equal("POST", answer.Header("Allow"));
    }
}

/// <summary>What changes with time, on a clock of its own.</summary>
public sealed class ChatTokensOverTime(ChatTokensOverTime.WithKey server) : IClassFixture<ChatTokensOverTime.WithKey>
{
    /// <summary>With the old service's secret, which is shorter than RFC 7518 asks for.</summary>
    public sealed class WithKey : DialectServer
    {
        public const string Secret = "short-old-secret";

        protected override IEnumerable<(string Name, string Value)> Settings => [("Dialects:Chat:SigningKey", Secret)];
    }

    [Fact]
    [Contract("Chat", "POST /validate", "an expired token, 401; HS256 with the old secret, without aud")]
    public async Task A_token_ends_after_half_an_hour()
    {
        var name = NewName();
        await server.SendAsync("POST", "/register", Json(new { name = "Ann", username = name, password = Password }));
        var token = (await server.SendAsync("POST", "/token", Form(("username", name), ("password", Password))))["access_token"]!;
        Assert.Equal(200, (await server.SendAsync("POST", "/validate", null, Bearer(token))).Status);

        server.Server.Clock.Advance(TimeSpan.FromMinutes(31));
        (await server.SendAsync("POST", "/validate", null, Bearer(token))).Is(401, """{"detail":"Token expired"}""");
    }
}
