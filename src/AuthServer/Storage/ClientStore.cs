using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Storage.Sql;
using AuthServer.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Storage;

/// <summary>Clients and scopes in the database: feeds the registry, and the writes of commands, settings and administration.</summary>
internal sealed class ClientStore(IServiceScopeFactory scopes, TimeProvider clock) : IClientSource
{
    private const string Snapshot = "clients";

    public async Task<IReadOnlyList<Client>> ReadClientsAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.Db().Clients.AsNoTracking().ToListAsync(ct);
        return [.. rows.Select(Read)];
    }

    public async Task<IReadOnlyList<ScopeDefinition>> ReadScopesAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.Db().Scopes.AsNoTracking().OrderBy(s => s.Name).Select(s => s.Definition).ToListAsync(ct);
        return [.. rows.Select(d => JsonSerializer.Deserialize<ScopeDefinition>(d, ClientJson.Options)!)];
    }

    public async Task<long> ReadVersionAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.Db().ReadVersionAsync(Snapshot, ct);
    }

    public async Task<Client?> FindAsync(string clientId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.Db().Clients.AsNoTracking().SingleOrDefaultAsync(c => c.ClientId == clientId, ct) is { } row ? Read(row) : null;
    }

    /// <summary>Which declaration each client was last made from.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadFingerprintsAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.Db().Clients.Where(c => c.DeclaredFingerprint != null).ToDictionaryAsync(c => c.ClientId, c => c.DeclaredFingerprint!, StringComparer.Ordinal, ct);
    }

    public async Task UpsertAsync(Client client, string? declaredFingerprint, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        var now = clock.GetUtcNow();
        var row = await db.Clients.SingleOrDefaultAsync(c => c.ClientId == client.ClientId, ct);
        if (row is null) db.Clients.Add(row = new ClientRow { ClientId = client.ClientId, Metadata = "", Secrets = "", CreatedAt = now });
        row.Metadata = ClientJson.Write(client);
        row.Secrets = JsonSerializer.Serialize(client.Secrets, StorageJson.Default.IReadOnlyListClientSecret);
        row.DeclaredFingerprint = declaredFingerprint;
        row.UpdatedAt = now;
        await db.InOneTransactionAsync(Snapshot, () => db.SaveChangesAsync(ct), ct);
    }

    /// <summary>Forgets the client, and revokes what was granted to it. False where there is none.</summary>
    public async Task<bool> RemoveAsync(string clientId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        var now = clock.GetUtcNow();
        return await db.InOneTransactionAsync(Snapshot, async () =>
        {
            await db.Grants.Where(g => g.ClientId == clientId && g.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(g => g.RevokedAt, now), ct);
            await db.Consents.Where(c => c.ClientId == clientId).ExecuteDeleteAsync(ct);
            return await db.Clients.Where(c => c.ClientId == clientId).ExecuteDeleteAsync(ct);
        }, ct) == 1;
    }

    public async Task UpsertScopeAsync(ScopeDefinition definition, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        var text = JsonSerializer.Serialize(definition, ClientJson.Options);
        var row = await db.Scopes.SingleOrDefaultAsync(s => s.Name == definition.Name, ct);
        if (row?.Definition == text) return;
        if (row is null) db.Scopes.Add(new ScopeRow { Name = definition.Name, Definition = text });
        else row.Definition = text;
        await db.InOneTransactionAsync(Snapshot, () => db.SaveChangesAsync(ct), ct);
    }

    private static Client Read(ClientRow row) =>
        ClientJson.Read(row.Metadata) with { Secrets = JsonSerializer.Deserialize(row.Secrets, StorageJson.Default.IReadOnlyListClientSecret)! };
}
