using System.Text;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Samurai;

/// <summary>What Django REST framework says before a view is reached.</summary>
public sealed class SamuraiFramework(DialectServer server) : IClassFixture<DialectServer>
{
    public static TheoryData<string> Views => ["register", "login", "logout", "token/refresh", "token/verify"];

    [Theory]
    [MemberData(nameof(Views))]
    [Contract("Samurai", "GET /login/", "another method, 405, at every view")]
    public async Task Another_method_is_not_allowed(string view)
    {
        var answer = await server.SendAsync("GET", SamuraiPeople.Path + view + "/");

        answer.Is(405, """{"detail":"Method \"GET\" not allowed."}""");
        Assert.Equal("POST, OPTIONS", answer.Header("Allow")?.Replace("\n", ", ", StringComparison.Ordinal));
        Assert.Equal(405, (await server.SendAsync("DELETE", "/api/" + view)).Status);
    }

    [Fact]
    [Contract("Samurai", "OPTIONS /login/", "200 with what the view is and reads")]
    public async Task A_view_describes_itself() =>
        (await server.SendAsync("OPTIONS", "/api/accounts/login/")).Is(200,
            """{"name":"Login","description":"","renders":["application/json"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]}""");

    [Theory]
    [MemberData(nameof(Views))]
    [Contract("Samurai", "POST /login/", "another media type, 415, at every view")]
    public async Task Another_media_type_is_not_supported(string view)
    {
        using var content = new StringContent("email=a", Encoding.UTF8, "text/plain");

        (await server.SendAsync("POST", SamuraiPeople.Path + view + "/", content)).Is(415, """{"detail":"Unsupported media type \"text/plain; charset=utf-8\" in request."}""");
    }

    [Theory]
    [InlineData("[1]", "list"), InlineData("\"a\"", "str"), InlineData("7", "int"), InlineData("7.5", "float"), InlineData("true", "bool")]
    [Contract("Samurai", "POST /login/", "JSON that is no object, 400")]
    public async Task What_is_no_object_is_refused(string body, string kind) =>
        (await server.SendAsync("POST", "/api/accounts/login/", Json(body))).Is(400, $$"""{"non_field_errors":["Invalid data. Expected a dictionary, but got {{kind}}."]}""");

    [Fact]
    [Contract("Samurai", "POST /login/", "the JSON null, 400; an empty body, 400 by field")]
    public async Task Nothing_is_refused()
    {
        (await server.SendAsync("POST", "/api/accounts/login/", Json("null"))).Is(400, """{"non_field_errors":["No data provided"]}""");
        (await server.SendAsync("POST", "/api/accounts/logout/")).Is(400, """{"refresh":["This field is required."]}""");
    }

    [Theory]
    [InlineData("""{"email":"a@b.example","password":"geheim""")]
    [InlineData("""{"email":x}""")]
    [Contract("Samurai", "POST /login/", "broken JSON, 400, without anything of it")]
    public async Task Broken_json_is_a_parse_error(string body)
    {
        var answer = await server.SendAsync("POST", "/api/accounts/login/", Json(body));

        Assert.Equal(400, answer.Status);
        Assert.StartsWith("JSON parse error - Expecting value: line 1 column ", answer["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Contract("Samurai", "POST /login/", "a multipart body without its boundary, 400; one too large, 413")]
    public async Task A_body_that_cannot_be_read_is_refused()
    {
        using var content = new StringContent("email=a", Encoding.UTF8);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data");

        (await server.SendAsync("POST", "/api/accounts/login/", content)).Is(400, """{"detail":"Multipart form parse error - Invalid body"}""");
        (await server.SendAsync("POST", "/api/accounts/login/", Json(new { email = new string('a', 300_000) }))).Is(413, """{"detail":"Request body is too large."}""");
    }
}
