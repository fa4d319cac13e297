using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;
using AuthServer.Storage.Sql;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Storage;

/// <summary>The writes of the administration: each holds only for the version that was read. The declaration's fingerprint stays, so that the next start does not undo them.</summary>
internal sealed partial class ClientStore : IRegistryStore
{
    private const string AddClientSql = """
        INSERT INTO clients (client_id, metadata, secrets, created_at, updated_at, version) VALUES (@id, @metadata, @secrets, @now, @now, 1) ON CONFLICT (client_id) DO NOTHING
        """;

    private const string UpdateClientSql = "UPDATE clients SET metadata = @metadata, secrets = @secrets, updated_at = @now, version = version + 1 WHERE client_id = @id AND version = @version";
    private const string RemoveClientSql = "DELETE FROM clients WHERE client_id = @id AND version = @version";

    // Only once the client is gone: whoever lost the race against another write takes nothing away.
    private const string RevokeGrantsSql = "UPDATE grants SET revoked_at = @now WHERE client_id = @id AND revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM clients WHERE client_id = @id)";
    private const string RemoveConsentsSql = "DELETE FROM consents WHERE client_id = @id AND NOT EXISTS (SELECT 1 FROM clients WHERE client_id = @id)";
    private const string AddScopeSql = "INSERT INTO scopes (name, definition, version) VALUES (@name, @definition, 1) ON CONFLICT (name) DO NOTHING";
    private const string UpdateScopeSql = "UPDATE scopes SET definition = @definition, version = version + 1 WHERE name = @name AND version = @version";
    private const string RemoveScopeSql = "DELETE FROM scopes WHERE name = @name AND version = @version";

    public async Task<StoredClient?> FindClientAsync(string clientId, CancellationToken ct) => await FindClientsAsync([clientId], ct) is [var only] ? only : null;

    public async Task<IReadOnlyList<StoredClient>> FindClientsAsync(IReadOnlyCollection<string> clientIds, CancellationToken ct)
    {
        if (clientIds.Count == 0) return [];
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.Db().Clients.AsNoTracking().Where(c => clientIds.Contains(c.ClientId)).ToListAsync(ct);
        return [.. rows.Select(static row => new StoredClient(Read(row), row.DeclaredFingerprint is not null, row.CreatedAt, row.UpdatedAt, row.Version))];
    }

    public Task<bool> TryAddClientAsync(Client client, CancellationToken ct) => TryWriteAsync(ct, new Statement(AddClientSql, Parameters(client)));

    public Task<bool> TryUpdateClientAsync(Client client, long version, CancellationToken ct) => TryWriteAsync(ct, new Statement(UpdateClientSql, [.. Parameters(client), ("version", version)]));

    public Task<bool> TryRemoveClientAsync(string clientId, long version, CancellationToken ct) => TryWriteAsync(ct,
        new Statement(RemoveClientSql, ("id", clientId), ("version", version)), new Statement(RevokeGrantsSql, ("id", clientId), ("now", clock.GetUtcNow().Ms())), new Statement(RemoveConsentsSql, ("id", clientId)));

    public async Task<IReadOnlyList<StoredScope>> ListScopesAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.Db().Scopes.AsNoTracking().OrderBy(s => s.Name).ToListAsync(ct);
        return [.. rows.Select(static row => new StoredScope(JsonSerializer.Deserialize<ScopeDefinition>(row.Definition, ClientJson.Options)!, row.Version))];
    }

    public Task<bool> TryAddScopeAsync(ScopeDefinition scope, CancellationToken ct) => TryWriteAsync(ct, new Statement(AddScopeSql, Parameters(scope)));

    public Task<bool> TryUpdateScopeAsync(ScopeDefinition scope, long version, CancellationToken ct) => TryWriteAsync(ct, new Statement(UpdateScopeSql, [.. Parameters(scope), ("version", version)]));

    public Task<bool> TryRemoveScopeAsync(string name, long version, CancellationToken ct) => TryWriteAsync(ct, new Statement(RemoveScopeSql, ("name", name), ("version", version)));

    private (string, object?)[] Parameters(Client client) =>
        [("id", client.ClientId), ("metadata", ClientJson.Write(client)), ("secrets", JsonSerializer.Serialize(client.Secrets, StorageJson.Default.IReadOnlyListClientSecret)), ("now", clock.GetUtcNow().Ms())];

    private static (string, object?)[] Parameters(ScopeDefinition scope) => [("name", scope.Name), ("definition", JsonSerializer.Serialize(scope, ClientJson.Options))];

    /// <summary>The first statement decides whether it was done. The snapshot's version moves in any case, which costs the other nodes one look.</summary>
    private async Task<bool> TryWriteAsync(CancellationToken ct, params IReadOnlyList<Statement> statements) =>
        (await database.TransactAsync([.. statements, new Statement(MoveVersionSql, ("name", Snapshot))], ct))[0] == 1;
}
