using System.Text.Json.Nodes;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.PeerTests;

[CollectionDefinition(Name)]
public sealed class Peers : ICollectionFixture<PeerServer>
{
    public const string Name = "Peers";
}

/// <summary>The whole server on a real port, with the demo clients as they are shipped. Only their ports are others, so that two test runs do not meet.</summary>
public sealed class PeerServer : IAsyncLifetime
{
    public const string WebClient = "demo-web";
    public const string WebSecret = "demo-web-secret";
    public const string Secret = "0123456789abcdef0123456789abcdef";

    /// <summary>The audience of the scope <c>notes</c>, an identifier: the API itself listens elsewhere.</summary>
    public const string Audience = "http://localhost:5175";

    public TestServer Server { get; private set; } = null!;

    public TestUser Alice { get; private set; } = null!;

    public string Spa { get; } = NewOrigin();

    public string WebApp { get; } = NewOrigin();

    public string Api { get; } = NewOrigin();

    public string Apache { get; } = NewOrigin();

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync(new TestServerSettings
        {
            Kestrel = true,
            Settings =
            {
                ["Clients:0:redirect_uris:0"] = Spa + "/",
                ["Clients:0:redirect_uris:1"] = Spa + "/callback.html",
                ["Clients:0:redirect_uris:2"] = Spa + "/silent.html",
                ["Clients:0:post_logout_redirect_uris:0"] = Spa + "/",
                ["Clients:1:redirect_uris:0"] = WebApp + "/callback",
                ["Clients:1:post_logout_redirect_uris:0"] = WebApp + "/",
            },
        });
        var web = new Client { ClientId = "", GrantTypes = ["authorization_code", "refresh_token"], RedirectUris = ["http://localhost:5180/cb"], PostLogoutRedirectUris = ["http://localhost:5180/"] };
        await Server.AddClientAsync(web with { ClientId = "authlib", TokenEndpointAuthMethod = "client_secret_post" }, Secret);
        await Server.AddClientAsync(web with { ClientId = "signed", UserinfoSignedResponseAlg = "ES256", IdTokenSignedResponseAlg = "PS256" }, Secret);
        await Server.AddClientAsync(web with { ClientId = "apache", RedirectUris = [Apache + "/protected/redirect"], PostLogoutRedirectUris = [Apache + "/bye.html"] }, Secret);
        Alice = await Server.AddUserAsync("alice", """{"name":"Alice Adams","given_name":"Alice","email":"alice@example.com","email_verified":true}""");
    }

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();

    /// <summary>What every script needs to know.</summary>
    public JsonObject Input(params (string Name, string Value)[] more)
    {
        var input = new JsonObject { ["issuer"] = Server.Issuer, ["audience"] = Audience, ["person"] = new JsonObject { ["userName"] = Alice.UserName, ["password"] = Alice.Password } };
        foreach (var (name, value) in more) input[name] = value;
        return input;
    }

    internal Task<PeerProgram> StartSpaAsync() => NodePeers.StartSampleAsync("Spa", Environment(Spa));

    internal Task<PeerProgram> StartWebAppAsync() => NodePeers.StartSampleAsync("WebApp", Environment(WebApp));

    internal Task<PeerProgram> StartApiAsync() => NodePeers.StartSampleAsync("Api", Environment(Api));

    internal Dictionary<string, string> Environment(string? origin = null)
    {
        var environment = new Dictionary<string, string> { ["ISSUER"] = Server.Issuer, ["API"] = Api, ["SPA"] = Spa };
        if (origin is not null) environment["PORT"] = PortOf(origin);
        return environment;
    }

    internal static string PortOf(string origin) => origin[(origin.LastIndexOf(':') + 1)..];

    private static string NewOrigin() => $"http://localhost:{PostgreSqlCluster.FreePort()}";
}
