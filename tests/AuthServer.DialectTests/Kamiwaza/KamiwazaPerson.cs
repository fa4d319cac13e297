using System.Buffers.Text;
using System.Text.Json.Nodes;
using AuthServer.Testing;
using Xunit;
using static AuthServer.DialectTests.DialectServer;

namespace AuthServer.DialectTests.Kamiwaza;

/// <summary>Somebody who is signed in by the SDK's call.</summary>
internal sealed record KamiwazaPerson(DialectServer Server, TestUser User, string Token, string Refresh)
{
    public static async Task<KamiwazaPerson> NewAsync(DialectServer server, bool administrator = false)
    {
        var name = NewName("kay");
        var user = administrator ? await server.Server.AddAdministratorAsync(name) : await server.Server.AddUserAsync(name, $$"""{"email":"{{name}}@example.com","name":"Kay {{name}}"}""");
        return await SignInAsync(server, user);
    }

    public static async Task<KamiwazaPerson> SignInAsync(DialectServer server, TestUser user)
    {
        var answer = await server.SendAsync("POST", "/auth/token", Password(user.UserName));
        Assert.True(answer.Status == 200, answer.Body);
        return new KamiwazaPerson(server, user, answer["access_token"]!, answer["refresh_token"]!);
    }

    /// <summary>What the SDK sends, the literal word "string" and all.</summary>
    public static HttpContent Password(string userName, string password = DialectServer.Password) =>
        Form(("grant_type", "password"), ("username", userName), ("password", password), ("scope", ""), ("client_id", "string"), ("client_secret", "string"));

    public Task<WireAnswer> SendAsync(string method, string path, HttpContent? content = null) => Server.SendAsync(method, path, content, Bearer(Token));

    public Task<WireAnswer> SendAsync(string method, string path, object body) => Server.SendAsync(method, path, Json(body), Bearer(Token));

    public static JsonNode Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;
}
