using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AuthServer.ProtocolTests.Administration;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.ApiKeys;

/// <summary>A server with API keys, on either database, and how a test makes and uses them.</summary>
public class KeyedServer : AdministeredServer
{
    public sealed class Sqlite : KeyedServer;

    public sealed class PostgreSql : KeyedServer
    {
        protected override TestStorage Storage => TestStorage.PostgreSql;
    }

    protected virtual TestStorage Storage => TestStorage.Sqlite;

    protected override TestServerSettings Settings => new() { Provider = Storage, Services = TestAddress.Add };

    /// <summary>An administrator's token: theirs reach over everybody.</summary>
    public string Boss { get; private set; } = "";

    public TestUser Administrator { get; private set; } = null!;

    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync();
        Administrator = await Server.AddAdministratorAsync("boss");
        Boss = await Server.AdminTokenAsync(Administrator);
    }

    /// <param name="owner">As in <c>user_id</c>.</param>
    public async Task<(string Id, string Key)> NewKeyAsync(string owner, string id, string[] scopes, string more = "")
    {
        var answer = await Server.AdminAsync(HttpMethod.Post, "/api-keys", Boss, $$"""{"{{owner}}":"{{id}}","name":"{{Unique("key")}}","scopes":{{JsonSerializer.Serialize(scopes)}}{{more}}}""");
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var made = await TestServer.JsonAsync(answer);
        return (made.GetProperty("api_key").GetProperty("id").GetString()!, made.GetProperty("key").GetString()!);
    }

    public async Task<string> NewUserAsync() => (await Server.AddUserAsync(Unique("u"))).Id;

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string key, bool asBearer = false, string? address = null, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(method, path);
        if (asBearer) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        else request.Headers.Add("X-API-Key", key);
        if (address is not null) request.Headers.Add(TestAddress.Header, address);
        if (form.Length > 0) request.Content = new FormUrlEncodedContent(form.Select(static f => KeyValuePair.Create(f.Name, f.Value)));
        return Server.Http.SendAsync(request);
    }

    public async Task<HttpStatusCode> UseAsync(string key, string path = TestAdmin.Api + "/users?limit=1", string? address = null) => (await SendAsync(HttpMethod.Get, path, key, address: address)).StatusCode;

    public async Task<JsonElement> ReadKeyAsync(string id) => await TestServer.JsonAsync(await Server.AdminAsync(HttpMethod.Get, "/api-keys/" + id, Boss));
}
