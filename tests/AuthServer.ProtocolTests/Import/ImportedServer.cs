using System.Net;
using System.Text.Json;
using AuthServer.ProtocolTests.Authorization;
using AuthServer.ProtocolTests.Cli;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Import;

/// <summary>A server that runs while the import command works on its database, on either database; on the real clock, because the commands are.</summary>
public abstract class ImportedServer(TestStorage provider) : IAsyncLifetime
{
    public sealed class OnSqlite() : ImportedServer(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : ImportedServer(TestStorage.PostgreSql);

    public TestServer Server { get; private set; } = null!;

    private string _token = "";

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync(new TestServerSettings { Kestrel = true, Provider = provider });
        await Server.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        _token = await Server.AdminTokenAsync();
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    internal Task<Answer> RunAsync(params string[] arguments) => Command.RunAsync(Server, arguments);

    public string FileWith(string text, string extension = ".csv")
    {
        var file = Path.Combine(Server.Home, Guid.NewGuid().ToString("N") + extension);
        File.WriteAllText(file, text);
        return file;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        var answer = await Server.AdminAsync(HttpMethod.Get, path, _token);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        return await TestServer.JsonAsync(answer);
    }

    public async Task<JsonElement> PostAsync(string path, string json)
    {
        var answer = await Server.AdminAsync(HttpMethod.Post, path, _token, json);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await TestServer.JsonAsync(answer);
    }

    public async Task PutAsync(string path) => Assert.Equal(HttpStatusCode.NoContent, (await Server.AdminAsync(HttpMethod.Put, path, _token)).StatusCode);

    /// <summary>Null where there is nobody of this name.</summary>
    public async Task<JsonElement?> PersonAsync(string userName)
    {
        var items = (await GetAsync("/users?user_name=" + Uri.EscapeDataString(userName))).GetProperty("items");
        return items.GetArrayLength() == 1 ? items[0] : null;
    }

    public async Task<bool> CanSignInAsync(string userName, string password)
    {
        using var browser = Server.NewBrowser();
        return (await browser.SignInAsync(await browser.GetAsync(Ask.Url("web")), userName, password))["code"] is not null;
    }

    public static string Unique(string beginning) => beginning + Guid.NewGuid().ToString("N")[..8];
}
