using System.Text;
using System.Text.Json.Nodes;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Acgs;

/// <summary>A person of ACGS with the cookies their program was given.</summary>
internal sealed class AcgsClient(DialectServer server)
{
    private static readonly string[] CookieNames = ["access_token_cookie", "refresh_token_cookie", "fastapi-csrf-token", "csrf_access_token"];

    public string UserName { get; } = NewName("acgs");

    public string Email => UserName + "@example.com";

    public int Id { get; private set; }

    public string Uuid { get; private set; } = "";

    public string Token { get; private set; } = "";

    /// <summary>The whole Set-Cookie line by the cookie's name.</summary>
    public Dictionary<string, string> Lines { get; } = [];

    public static async Task<AcgsClient> RegisteredAsync(DialectServer server)
    {
        var client = new AcgsClient(server);
        var answer = await server.SendAsync("POST", "/auth/register", Json(new { username = client.UserName, email = client.Email, password = Password, first_name = "Test", last_name = "User" }));
        Assert.True(answer.Status == 201, answer.Body);
        (client.Id, client.Uuid) = ((int)answer.Json["id"]!, answer["user_id"]!);
        return client;
    }

    public static async Task<AcgsClient> SignedInAsync(DialectServer server)
    {
        var client = await RegisteredAsync(server);
        var answer = await client.SignInAsync();
        Assert.True(answer.Status == 200, answer.Body);
        return client;
    }

    public async Task<WireAnswer> SignInAsync(string path = "/auth/token", string? code = null) =>
        Take(await server.SendAsync("POST", path, Json(code is null ? new { username = UserName, password = Password } : new { username = UserName, password = Password, totp_code = code })));

    /// <summary>Keeps the cookies of an answer.</summary>
    public WireAnswer Take(WireAnswer answer)
    {
        foreach (var line in answer.Header("Set-Cookie")?.Split('\n') ?? []) Lines[line[..line.IndexOf('=', StringComparison.Ordinal)]] = line;
        if (answer.Status == 200 && answer.Json is JsonObject body && body["access_token"] is { } token) Token = (string)token!;
        return answer;
    }

    public string Value(string cookie) => Lines[cookie].Split(';')[0][(cookie.Length + 1)..];

    /// <summary>As a browser sends them.</summary>
    public (string, string) Cookies => ("Cookie", string.Join("; ", CookieNames.Where(Lines.ContainsKey).Select(n => n + "=" + Value(n))));

    /// <summary>As the Python clients find it: the part before the first dot, plain base64, without the quotes of JSON.</summary>
    public string PythonCsrf => Encoding.ASCII.GetString(Convert.FromBase64String(Value("fastapi-csrf-token").Split('.')[0])).Trim('"');

    public (string, string)[] ByCookie => [Cookies, ("X-CSRF-Token", Value("csrf_access_token"))];

    public (string, string) ByBearer => Bearer(Token);
}

/// <summary>What all its errors look like.</summary>
internal static class AcgsEnvelope
{
    /// <summary>The documented envelope with this text, and the same as <c>detail</c>.</summary>
    public static void IsAcgs(this WireAnswer answer, int status, string code, string message)
    {
        Assert.True(answer.Status == status, $"{answer.Status}: {answer.Body}");
        var error = answer.Json["error"]!;
        Assert.Equal(code, (string)error["code"]!);
        Assert.Equal(message, (string)error["message"]!);
        Assert.Matches(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\z", (string)error["timestamp"]!);
        Assert.Equal(answer.Header("X-Request-ID"), (string)error["request_id"]!);
        Assert.Matches(@"\Areq_[0-9a-f]{12}\z", (string)error["request_id"]!);
        Assert.Equal(message, answer["detail"]);
        Assert.Equal(["detail", "error"], answer.Json.AsObject().Select(static m => m.Key).Order(StringComparer.Ordinal));
    }
}
