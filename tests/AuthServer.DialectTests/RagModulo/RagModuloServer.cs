using System.Buffers.Text;
using System.Text.Json.Nodes;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.DialectTests.RagModulo;

/// <summary>RAG Modulo alone, so that nobody shares its paths.</summary>
public class RagModuloServer : DialectServer
{
    public const string ClientId = "rag-modulo";
    public const string WebPage = "https://rag.test";
    public const string ClientKey = "rag-modulo-client-secret-0123456789";
    public const string Callback = WebPage + "/api/auth/callback";

    protected override IEnumerable<(string Name, string Value)> Settings =>
    [
        ("Dialects:Kamiwaza:Enabled", "false"), ("Dialects:Chat:Enabled", "false"), ("Dialects:Samurai:Enabled", "false"), ("Dialects:Acgs:Enabled", "false"), ("Dialects:RagModulo:ClientId", ClientId), .. More,
    ];

    protected virtual IEnumerable<(string Name, string Value)> More => [];

    /// <summary>The client as the web page's operator registers it.</summary>
    public Task AddClientAsync() => Server.AddClientAsync(new Client
    {
        ClientId = ClientId, RedirectUris = [Callback], ConsentType = ConsentTypes.Implicit, GrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.DeviceCode], Scope = ScopeSet.Parse("openid profile email"), UserClaimsInIdToken = true, TokenEndpointAuthMethod = "client_secret_post",
    }, ClientKey);

    /// <summary>The name, which is an e-mail address as in the document.</summary>
    public async Task<string> RegisterAsync()
    {
        var name = NewName() + "@example.com";
        await SendAsync("POST", "/api/auth/register", Json(new { username = name, password = Password, email = name }));
        return name;
    }

    public Task<WireAnswer> SignInAsync(string name, string password = Password, params (string Name, string Value)[] headers) =>
        SendAsync("POST", "/api/auth/login", Json(new { username = name, password }), headers);

    public async Task<string> TokenAsync(string name) => (await SignInAsync(name))["access_token"]!;

    /// <summary>The payload, unverified, as the clients read it.</summary>
    public static JsonNode Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;
}
