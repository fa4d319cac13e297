using System.Net;
using System.Text.Json;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>A server that is administered, on either database, and how a test says what it asks and expects.</summary>
public class AdministeredServer : SharedServer
{
    public sealed class OnSqlite : AdministeredServer;

    public sealed class OnPostgreSql : AdministeredServer
    {
        protected override TestServerSettings Settings => new() { Provider = TestStorage.PostgreSql };
    }

    /// <summary>May do everything.</summary>
    public string Token { get; private set; } = "";

    protected override async Task PrepareAsync() => Token = await Server.AdminTokenAsync();

    public async Task<JsonElement> GetAsync(string path) => await OkAsync(await Server.AdminAsync(HttpMethod.Get, path, Token));

    public async Task<JsonElement> PostAsync(string path, string json)
    {
        var answer = await Server.AdminAsync(HttpMethod.Post, path, Token, json);
        Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await TestServer.JsonAsync(answer);
    }

    /// <summary>Creates something and answers its id.</summary>
    public async Task<string> NewAsync(string path, string json) => (await PostAsync(path, json)).GetProperty("id").GetString()!;

    public async Task PutAsync(string path) => Assert.Equal(HttpStatusCode.NoContent, (await Server.AdminAsync(HttpMethod.Put, path, Token)).StatusCode);

    public async Task DeleteAsync(string path) => Assert.Equal(HttpStatusCode.NoContent, (await Server.AdminAsync(HttpMethod.Delete, path, Token)).StatusCode);

    public async Task<string[]> NamesAsync(string path) => [.. (await GetAsync(path)).GetProperty("items").EnumerateArray().Select(static i => i.GetProperty("name").GetString()!)];

    /// <summary>A name that nothing else has.</summary>
    public static string Unique(string beginning) => beginning + "-" + Guid.NewGuid().ToString("N")[..8];

    private static async Task<JsonElement> OkAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await TestServer.JsonAsync(answer);
    }

    /// <summary>The problem's last word, and what it says of which member.</summary>
    public static async Task<(HttpStatusCode Status, string Type, string[] Errors)> ProblemAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await TestServer.JsonAsync(answer);
        var errors = problem.TryGetProperty("errors", out var list) ? list.EnumerateArray().Select(static e => e.GetProperty("field").GetString() + ":" + e.GetProperty("code").GetString()).ToArray() : [];
        return (answer.StatusCode, problem.GetProperty("type").GetString()!["urn:authserver:problem:".Length..], errors);
    }
}
