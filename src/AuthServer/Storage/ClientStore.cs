using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Storage.Sql;
using AuthServer.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Storage;

/// <summary>Clients and scopes in the database: feeds the registry, and the writes of commands, settings and administration.</summary>
/// <remarks>Adding or changing is one statement: nodes that start together all apply the same settings, and none may fail because another was faster.</remarks>
internal sealed partial class ClientStore(IServiceScopeFactory scopes, SqlDatabase database, TimeProvider clock) : IClientSource
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

    private const string MoveVersionSql = "UPDATE snapshot_versions SET version = version + 1 WHERE name = @name";

    private const string UpsertClientSql = """
        INSERT INTO clients (client_id, metadata, secrets, declared_fingerprint, created_at, updated_at) VALUES (@id, @metadata, @secrets, @fingerprint, @now, @now)
        ON CONFLICT (client_id) DO UPDATE SET
            metadata = excluded.metadata, secrets = excluded.secrets, declared_fingerprint = excluded.declared_fingerprint, updated_at = excluded.updated_at, version = clients.version + 1
        """;

    public Task UpsertAsync(Client client, string? declaredFingerprint, CancellationToken ct) => WriteAsync(new Statement(UpsertClientSql, ("id", client.ClientId), ("metadata", ClientJson.Write(client)),
        ("secrets", JsonSerializer.Serialize(client.Secrets, StorageJson.Default.IReadOnlyListClientSecret)), ("fingerprint", declaredFingerprint), ("now", clock.GetUtcNow().Ms())), ct);

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

    private const string UpsertScopeSql = "INSERT INTO scopes (name, definition) VALUES (@name, @definition) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, version = scopes.version + 1";

    public async Task UpsertScopeAsync(ScopeDefinition definition, CancellationToken ct)
    {
        var text = JsonSerializer.Serialize(definition, ClientJson.Options);
        await using var scope = scopes.CreateAsyncScope();
        // The settings say the same at each start; that is no reason for every node to read all clients again.
        if (await scope.Db().Scopes.AnyAsync(s => s.Name == definition.Name && s.Definition == text, ct)) return;
        await WriteAsync(new Statement(UpsertScopeSql, ("name", definition.Name), ("definition", text)), ct);
    }

    private async Task WriteAsync(Statement write, CancellationToken ct) => await database.TransactAsync([write, new Statement(MoveVersionSql, ("name", Snapshot))], ct);

    private static Client Read(ClientRow row) =>
        ClientJson.Read(row.Metadata) with { Secrets = JsonSerializer.Deserialize(row.Secrets, StorageJson.Default.IReadOnlyListClientSecret)! };
}
