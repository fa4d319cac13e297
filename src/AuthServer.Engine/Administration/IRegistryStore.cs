using AuthServer.Engine.Clients;

namespace AuthServer.Engine.Administration;

/// <summary>A client as it is stored, secrets and all.</summary>
public sealed record StoredClient(Client Client, bool Declared, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version);

public sealed record StoredScope(ScopeDefinition Scope, long Version);

/// <summary>Writes of clients and scopes by people. Each is conditional on the version that was read, and moves the version of the snapshot in the same transaction.</summary>
public interface IRegistryStore
{
    Task<StoredClient?> FindClientAsync(string clientId, CancellationToken ct);

    /// <summary>Those that exist, in no order.</summary>
    Task<IReadOnlyList<StoredClient>> FindClientsAsync(IReadOnlyCollection<string> clientIds, CancellationToken ct);

    /// <summary>False where the id is taken.</summary>
    Task<bool> TryAddClientAsync(Client client, CancellationToken ct);

    /// <summary>False where the version is another one by now. What the settings declared stays remembered, so that a start does not undo this.</summary>
    Task<bool> TryUpdateClientAsync(Client client, long version, CancellationToken ct);

    /// <summary>Forgets the client and revokes what was granted to it. False where the version is another one by now.</summary>
    Task<bool> TryRemoveClientAsync(string clientId, long version, CancellationToken ct);

    /// <summary>By name.</summary>
    Task<IReadOnlyList<StoredScope>> ListScopesAsync(CancellationToken ct);

    Task<bool> TryAddScopeAsync(ScopeDefinition scope, CancellationToken ct);

    Task<bool> TryUpdateScopeAsync(ScopeDefinition scope, long version, CancellationToken ct);

    Task<bool> TryRemoveScopeAsync(string name, long version, CancellationToken ct);
}
