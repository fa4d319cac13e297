using System.Collections.Frozen;

namespace AuthServer.Engine.Clients;

/// <summary>Feeds the registry: every client and scope, read in one go.</summary>
public interface IClientSource
{
    Task<IReadOnlyList<Client>> ReadClientsAsync(CancellationToken ct);

    Task<IReadOnlyList<ScopeDefinition>> ReadScopesAsync(CancellationToken ct);

    /// <summary>Grows with each change of a client or scope, by any node.</summary>
    Task<long> ReadVersionAsync(CancellationToken ct);
}

/// <summary>Clients and scopes as one immutable picture in memory: a request touches no database to know its client.</summary>
/// <remarks>Replaced whole. The node that writes reloads at once, the others when they see the version move.</remarks>
public sealed class ClientRegistry(IClientSource source, OwnScopes own) : IDisposable
{
    private readonly SemaphoreSlim _reloading = new(1, 1);
    private volatile Snapshot _current = new(FrozenDictionary<string, Client>.Empty, new ScopeCatalog([], own), -1);

    private sealed record Snapshot(FrozenDictionary<string, Client> Clients, ScopeCatalog Scopes, long Version)
    {
        public bool TellsDirectoryUnasked { get; } = Clients.Values.Any(static c => c.DirectoryClaims.Count > 0);
    }

    /// <summary>Some client is told of the directory without a scope.</summary>
    public bool TellsDirectoryUnasked => _current.TellsDirectoryUnasked;

    public ScopeCatalog Scopes => _current.Scopes;

    public IReadOnlyCollection<Client> All => _current.Clients.Values;

    /// <summary>Null where the client does not exist or is disabled: to a caller there is no difference.</summary>
    public Client? Find(string? clientId) =>
        OwnClients.Find(clientId) ?? (clientId is not null && _current.Clients.TryGetValue(clientId, out var client) && client.Enabled ? client : null);

    public async Task ReloadAsync(CancellationToken ct)
    {
        await _reloading.WaitAsync(ct);
        try
        {
            // The version is read first: a change in between makes the next poll reload once more, never once too few.
            var version = await source.ReadVersionAsync(ct);
            var scopes = new ScopeCatalog(await source.ReadScopesAsync(ct), own);
            var clients = await source.ReadClientsAsync(ct);
            _current = new Snapshot(clients.ToFrozenDictionary(c => c.ClientId, StringComparer.Ordinal), scopes, version);
        }
        finally
        {
            _reloading.Release();
        }
    }

    public async Task ReloadIfChangedAsync(CancellationToken ct)
    {
        if (await source.ReadVersionAsync(ct) != _current.Version) await ReloadAsync(ct);
    }

    public void Dispose() => _reloading.Dispose();
}
