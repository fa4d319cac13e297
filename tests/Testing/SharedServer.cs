using AuthServer.Engine.Clients;
using Xunit;

namespace AuthServer.Testing;

/// <summary>One server for many tests: the clients that most of them need, and Alice. A test that moves the clock or breaks something starts a server of its own.</summary>
public class SharedServer : IAsyncLifetime
{
    public const string Secret = "0123456789abcdef0123456789abcdef";
    public const string Callback = "https://app.test/cb";
    public const string OtherCallback = "https://other.test/cb";
    public const string Api = "https://api.test";

    public TestServer Server { get; private set; } = null!;

    public TestUser Alice { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync(Settings);
        await Server.AddScopeAsync(new ScopeDefinition { Name = "notes", Resources = [Api] });
        await Server.AddScopeAsync(new ScopeDefinition { Name = "files", Resources = ["https://files.test"] });
        await Server.AddScopeAsync(new ScopeDefinition { Name = "secret-things", Reserved = true, Advertised = false });
        await Server.AddClientAsync(Web("web"), Secret);
        await Server.AddClientAsync(Web("other") with { RedirectUris = [OtherCallback] }, Secret);
        await Server.AddClientAsync(Web("opaque") with { AccessTokenFormat = AccessTokenFormats.Opaque }, Secret);
        await Server.AddClientAsync(Web("spa") with { TokenEndpointAuthMethod = "none", RedirectUris = ["https://spa.test/cb"] });
        await Server.AddClientAsync(new Client { ClientId = "worker", GrantTypes = ["client_credentials"], ResponseTypes = [], Scope = Engine.Protocol.ScopeSet.Parse("notes files") }, Secret);
        await Server.AddClientAsync(new Client { ClientId = "api", GrantTypes = ["client_credentials"], ResponseTypes = [], AllowedResources = [Api] }, Secret);
        Alice = await Server.AddUserAsync("alice", """{"name":"Alice Adams","given_name":"Alice","email":"alice@example.com","email_verified":true}""");
        await PrepareAsync();
    }

    /// <summary>How one fixture starts its server.</summary>
    protected virtual TestServerSettings Settings => new();

    /// <summary>What one fixture needs beyond.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    public static Client Web(string clientId) => new()
    {
        ClientId = clientId,
        RedirectUris = [Callback],
        PostLogoutRedirectUris = ["https://app.test/"],
        GrantTypes = ["authorization_code", "refresh_token"],
        ConsentType = ConsentTypes.Implicit,
    };

    public Task<TestFlow> SignInAsync(string scope = "openid", string clientId = "web", params (string Name, string? Value)[] more) => clientId == "spa"
        ? Server.SignInAsync("spa", null, "https://spa.test/cb", Alice, scope, null, more)
        : Server.SignInAsync(clientId, Secret, clientId == "other" ? OtherCallback : Callback, Alice, scope, null, more);

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();
}
