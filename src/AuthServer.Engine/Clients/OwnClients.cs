namespace AuthServer.Engine.Clients;

/// <summary>What tokens name as their client where it is a part of this server. It cannot be registered, authenticates by nothing and may use no grant.</summary>
public static class OwnClients
{
    /// <summary>Stands behind API keys that belong to no client: tokens got for them carry this <c>client_id</c>.</summary>
    public static Client ApiKeys { get; } = new() { ClientId = "api-keys", ClientName = "API keys", GrantTypes = [], ResponseTypes = [] };

    /// <summary>Null where the id is not one of the server's own.</summary>
    public static Client? Find(string? clientId) => string.Equals(clientId, ApiKeys.ClientId, StringComparison.Ordinal) ? ApiKeys : null;
}
