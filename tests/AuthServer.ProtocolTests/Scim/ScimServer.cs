using System.Net;
using System.Text;
using System.Text.Json;
using AuthServer.ProtocolTests.Administration;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Scim;

/// <summary>A server that is provisioned, on either database, and how a test says what it asks and expects.</summary>
public class ScimServer : AdministeredServer
{
    public new sealed class OnSqlite : ScimServer;

    public new sealed class OnPostgreSql : ScimServer
    {
        protected override TestServerSettings Settings => new() { Provider = TestStorage.PostgreSql };
    }

    public const string UserSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string GroupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers) => SendAsync(Server, Token, method, path, json, headers);

    public static async Task<HttpResponseMessage> SendAsync(TestServer server, string? token, HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, "/scim/v2" + path);
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/scim+json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await server.Http.SendAsync(request);
    }

    /// <summary>The answer's JSON, where the status is this one.</summary>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, string? json = null, HttpStatusCode status = HttpStatusCode.OK, params (string, string)[] headers)
    {
        var answer = await SendAsync(method, path, json, headers);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{method} {path}: {(int)answer.StatusCode} {text}");
        if (text.Length == 0) return default;
        Assert.Equal("application/scim+json", answer.Content.Headers.ContentType?.MediaType);
        return await TestServer.JsonAsync(answer);
    }

    public Task<JsonElement> PostUserAsync(string name, string more = "") => AskAsync(HttpMethod.Post, "/Users", $$"""{"schemas":["{{UserSchema}}"],"userName":"{{name}}"{{more}}}""", HttpStatusCode.Created);

    public async Task<string> NewUserAsync(string name, string more = "") => (await PostUserAsync(name, more)).GetProperty("id").GetString()!;

    public async Task<string> NewGroupAsync(string name, params string[] members) => (await AskAsync(HttpMethod.Post, "/Groups",
        $$"""{"schemas":["{{GroupSchema}}"],"displayName":"{{name}}","members":[{{string.Join(',', members.Select(static m => $$"""{"value":"{{m}}"}"""))}}]}""", HttpStatusCode.Created)).GetProperty("id").GetString()!;

    public static string Patch(string operations) => $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{operations}}]}""";

    public Task<JsonElement> PatchUserAsync(string id, string operations) => AskAsync(HttpMethod.Patch, "/Users/" + id, Patch(operations));

    public async Task<string[]> FindAsync(string filter, string more = "") =>
        [.. (await AskAsync(HttpMethod.Get, $"/Users?filter={Uri.EscapeDataString(filter)}{more}")).GetProperty("Resources").EnumerateArray().Select(static r => r.GetProperty("userName").GetString()!)];

    public async Task<string[]> MembersAsync(string group) =>
        (await AskAsync(HttpMethod.Get, "/Groups/" + group)).TryGetProperty("members", out var members) ? [.. members.EnumerateArray().Select(static m => m.GetProperty("value").GetString()!).Order(StringComparer.Ordinal)] : [];

    /// <summary>What an error's body says: the status and the word (RFC 7644 §3.12).</summary>
    public static async Task<(HttpStatusCode Status, string? Type)> ErrorAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/scim+json", answer.Content.Headers.ContentType?.MediaType);
        var error = await TestServer.JsonAsync(answer);
        Assert.Equal("urn:ietf:params:scim:api:messages:2.0:Error", error.GetProperty("schemas")[0].GetString());
        Assert.Equal(((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture), error.GetProperty("status").GetString());
        Assert.NotEqual("", error.GetProperty("detail").GetString());
        return (answer.StatusCode, error.TryGetProperty("scimType", out var type) ? type.GetString() : null);
    }

    public async Task<(HttpStatusCode Status, string? Type)> FaultAsync(HttpMethod method, string path, string? json = null, params (string, string)[] headers) => await ErrorAsync(await SendAsync(method, path, json, headers));
}
