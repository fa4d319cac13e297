using System.Collections.Frozen;

namespace AuthServer.Engine.Clients;

/// <summary>What tokens name as their client where it is a part of this server. It cannot be registered, authenticates by nothing and may use no grant.</summary>
public static class OwnClients
{
    private const string LegacyPrefix = "legacy-";

    /// <summary>Stands behind API keys that belong to no client: tokens got for them carry this <c>client_id</c>.</summary>
    public static Client ApiKeys { get; } = new() { ClientId = "api-keys", ClientName = "API keys", GrantTypes = [], ResponseTypes = [] };

    /// <summary>One for each compatibility API: what people signed in to by it they granted to this client.</summary>
    public static IReadOnlyList<Client> Dialects { get; } =
    [
        Legacy("kamiwaza", "Kamiwaza API", "RS256"), Legacy("chat", "AI Chat API"), Legacy("samurai", "SamurAI API"), Legacy("acgs", "ACGS API"), Legacy("ragmodulo", "RAG Modulo API"),
    ];

    private static readonly FrozenDictionary<string, Client> All = Dialects.Append(ApiKeys).ToFrozenDictionary(static c => c.ClientId, StringComparer.Ordinal);

    /// <summary>Null where the id is not one of the server's own.</summary>
    public static Client? Find(string? clientId) => clientId is not null ? All.GetValueOrDefault(clientId) : null;

    /// <param name="dialect">As the settings name it; whatever the case.</param>
    public static Client OfDialect(string dialect) => All[LegacyPrefix + dialect.ToLowerInvariant()];

    private static Client Legacy(string dialect, string name, string algorithm = "ES256") => new()
    {
        ClientId = LegacyPrefix + dialect, ClientName = name, GrantTypes = [], ResponseTypes = [], ConsentType = ConsentTypes.Implicit, AccessTokenSignedResponseAlg = algorithm,
        DirectoryClaims = Clients.DirectoryClaims.All, AccessTokenFormat = AccessTokenFormats.Jwt,
    };
}
