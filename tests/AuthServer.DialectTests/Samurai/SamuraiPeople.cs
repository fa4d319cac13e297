using System.Text.Json.Nodes;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using User = AuthServer.Engine.Accounts.User;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Samurai;

/// <summary>What SamurAI's gateway does, for the transcripts.</summary>
internal static class SamuraiPeople
{
    public const string Path = "/api/accounts/";
    public const string Invalid = """{"detail":"Token is invalid or expired","code":"token_not_valid"}""";
    public const string Blacklisted = """{"detail":"Token is blacklisted","code":"token_not_valid"}""";
    public const string WrongType = """{"detail":"Token has wrong type","code":"token_not_valid"}""";

    public static string NewAddress() => NewName("ann") + "@samurai.example.com";

    public static Task<WireAnswer> CallAsync(this DialectServer server, string view, object body, params (string Name, string Value)[] headers) => server.SendAsync("POST", Path + view + "/", Json(body), headers);

    public static async Task<string> RegisteredAsync(this DialectServer server)
    {
        var email = NewAddress();
        var answer = await server.CallAsync("register", new { email, password = Password, first_name = "Ann", last_name = "Lee" });
        return answer.Status == 201 ? email : throw new InvalidOperationException(answer.Body);
    }

    public static async Task<(string Access, string Refresh)> SignedInAsync(this DialectServer server, string? email = null)
    {
        var answer = await server.CallAsync("login", new { email = email ?? await server.RegisteredAsync(), password = Password });
        return answer.Status == 200 ? (answer["access"]!, answer["refresh"]!) : throw new InvalidOperationException(answer.Body);
    }

    public static JsonObject Claims(string jwt) => JsonNode.Parse(TestFlow.Claims(jwt).GetRawText())!.AsObject();

    public static string Broken(string jwt) => jwt[..^4] + (jwt.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");

    public static async Task ChangeAsync(this DialectServer server, string userName, Func<UserManager<User>, User, Task> change)
    {
        await using var scope = server.Server.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        await change(users, await users.FindByNameAsync(userName) ?? throw new InvalidOperationException("There is no " + userName));
    }
}
