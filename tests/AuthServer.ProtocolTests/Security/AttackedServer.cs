using Microsoft.Extensions.DependencyInjection;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Security;

/// <summary>One server (or two nodes on one database) for all tests of a class, with the clients and people that attacks need.</summary>
public abstract class AttackedServer(TestStorage storage, int nodes = 1) : IAsyncLifetime
{
    public const string Secret = "kN8w0sVn2jv0a2cTq7pXh3eR5yB9uM1d";
    public const string OtherSecret = "pQ4x9zLk6fG2hJ8mT1vC7bN3sD5aR0wE";
    public const string Callback = "https://app.test/cb";
    public const string CallbackWithQuery = "https://app.test/cb?tenant=1";
    public const string OtherCallback = "https://other.test/cb";
    public const string AfterLogout = "https://app.test/bye";

    private readonly List<TestServer> _nodes = [];

    public TestServer Server => _nodes[0];

    public IReadOnlyList<TestServer> Nodes => _nodes;

    public TestUser Alice { get; private set; } = null!;

    public TestUser Bob { get; private set; } = null!;

    public static (string Id, string Secret) Web => ("web", Secret);

    public static (string Id, string Secret) Other => ("other", OtherSecret);

    /// <summary>Brings further nodes up to what the first one knows, as their own timer would.</summary>
    public async Task ReloadAsync()
    {
        foreach (var node in _nodes) await node.Services.GetRequiredService<ClientRegistry>().ReloadAsync(CancellationToken.None);
    }

    public async Task InitializeAsync()
    {
        var first = await TestServer.StartAsync(new TestServerSettings { Provider = storage, Settings = { ["Accounts:FailuresBeforeDelay"] = Patience } });
        _nodes.Add(first);
        await first.AddScopeAsync(new ScopeDefinition { Name = "api", Resources = ["https://api.test/"] });
        await first.AddClientAsync(ClientOf("web"), Secret);
        await first.AddClientAsync(ClientOf("opaque") with { AccessTokenFormat = AccessTokenFormats.Opaque }, Secret);
        await first.AddClientAsync(ClientOf("asks") with { ConsentType = ConsentTypes.Explicit }, Secret);
        await first.AddClientAsync(ClientOf("exempt") with { RequirePkce = false }, Secret);
        await first.AddClientAsync(ClientOf("other") with { RedirectUris = [OtherCallback], PostLogoutRedirectUris = ["https://other.test/bye"] }, OtherSecret);
        await first.AddClientAsync(ClientOf("native") with
        {
            ApplicationType = "native", TokenEndpointAuthMethod = "none", GrantTypes = [GrantTypes.AuthorizationCode],
            RedirectUris = ["http://127.0.0.1/cb", "http://[::1]:4711/cb", "com.example.app:/cb"],
            PostLogoutRedirectUris = ["http://127.0.0.1/cb", "http://[::1]:4711/cb", "com.example.app:/cb"],
        });
        await PrepareAsync(first);
        Alice = await first.AddUserAsync("alice", """{"given_name":"Alice","email":"alice@example.com","email_verified":true}""");
        Bob = await first.AddUserAsync("bob", """{"given_name":"Bob"}""");

        while (_nodes.Count < nodes)
            _nodes.Add(await TestServer.StartAsync(new TestServerSettings { Provider = storage, ConnectionString = first.ConnectionString, Home = first.Home, Settings = { ["Accounts:FailuresBeforeDelay"] = Patience } }));
    }

    /// <summary>Failures before a source has to wait.</summary>
    protected virtual string Patience => "5";

    protected virtual Task PrepareAsync(TestServer server) => Task.CompletedTask;

    /// <summary>A confidential first-party client that refreshes.</summary>
    public static Client ClientOf(string clientId) => new()
    {
        ClientId = clientId,
        ConsentType = ConsentTypes.Implicit,
        RedirectUris = [Callback, CallbackWithQuery],
        PostLogoutRedirectUris = [AfterLogout],
        GrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken],
    };

    /// <summary>The log of everything the class did is searched for every secret it used.</summary>
    public async Task DisposeAsync()
    {
        var shown = _nodes.SelectMany(node => node.Secrets.ShownIn(node.Log)).ToList();
        foreach (var node in Enumerable.Reverse(_nodes)) await node.DisposeAsync();
        Assert.True(shown.Count == 0, $"{shown.Count} lines of the log show a secret, the first: {shown.FirstOrDefault()}");
    }
}

public sealed class OnSqlite() : AttackedServer(TestStorage.Sqlite);

public sealed class OnPostgreSql() : AttackedServer(TestStorage.PostgreSql);

public sealed class OnTwoNodes() : AttackedServer(TestStorage.PostgreSql, nodes: 2);
