using System.Data.Common;
using System.Text.Json;
using AuthServer.Engine.Interaction;

namespace AuthServer.Storage.Sql;

/// <summary>Waiting and pushed requests; see <see cref="IPendingAuthorizationStore"/>. Finishing one is deleting its row.</summary>
internal sealed class SqlPendingAuthorizationStore(SqlDatabase database, TimeProvider clock) : IPendingAuthorizationStore
{
    private const string AddSql = """
        INSERT INTO pending_authorizations (hash, client_id, parameters, resources, proofs, created_at, expires_at)
        VALUES (@hash, @client, @parameters, @resources, @proofs, @created, @expires)
        """;

    public Task AddAsync(PendingAuthorization pending, CancellationToken ct) => database.ExecuteAsync(AddSql, ct, ("hash", pending.Hash), ("client", pending.ClientId), ("parameters", Json(pending.Parameters)),
        ("resources", Json(pending.Resources)), ("proofs", Json(pending.Proofs)), ("created", pending.CreatedAt.Ms()), ("expires", pending.ExpiresAt.Ms()));

    private const string FindSql = "SELECT hash, client_id, parameters, resources, proofs, created_at, expires_at FROM pending_authorizations WHERE hash = @hash AND expires_at > @now";

    public Task<PendingAuthorization?> FindAsync(byte[] hash, CancellationToken ct) => database.FindAsync(FindSql, static row => new PendingAuthorization
    {
        Hash = row.Bytes(0),
        ClientId = row.GetString(1),
        Parameters = Parameters(row, 2),
        Resources = Resources(row, 3),
        Proofs = JsonSerializer.Deserialize(row.GetString(4), StorageJson.Default.PendingProofs)!,
        CreatedAt = row.Time(5),
        ExpiresAt = row.Time(6),
    }, ct, ("hash", hash), ("now", clock.GetUtcNow().Ms()));

    private const string SaveProofsSql = "UPDATE pending_authorizations SET proofs = @proofs WHERE hash = @hash";

    public Task SaveProofsAsync(byte[] hash, PendingProofs proofs, CancellationToken ct) => database.ExecuteAsync(SaveProofsSql, ct, ("proofs", Json(proofs)), ("hash", hash));

    private const string FinishSql = "DELETE FROM pending_authorizations WHERE hash = @hash";

    public async Task<bool> TryFinishAsync(byte[] hash, CancellationToken ct) => await database.ExecuteAsync(FinishSql, ct, ("hash", hash)) == 1;

    private const string AddPushedSql = "INSERT INTO pushed_requests (hash, client_id, parameters, resources, expires_at) VALUES (@hash, @client, @parameters, @resources, @expires)";

    public Task AddPushedAsync(PushedRequest pushed, CancellationToken ct) => database.ExecuteAsync(AddPushedSql, ct, ("hash", pushed.Hash), ("client", pushed.ClientId),
        ("parameters", Json(pushed.Parameters)), ("resources", Json(pushed.Resources)), ("expires", pushed.ExpiresAt.Ms()));

    private const string FindPushedSql = "SELECT hash, client_id, parameters, resources, expires_at FROM pushed_requests WHERE hash = @hash AND expires_at > @now";

    public Task<PushedRequest?> FindPushedAsync(byte[] hash, CancellationToken ct) => database.FindAsync(FindPushedSql, static row => new PushedRequest
    {
        Hash = row.Bytes(0),
        ClientId = row.GetString(1),
        Parameters = Parameters(row, 2),
        Resources = Resources(row, 3),
        ExpiresAt = row.Time(4),
    }, ct, ("hash", hash), ("now", clock.GetUtcNow().Ms()));

    private const string FinishPushedSql = "DELETE FROM pushed_requests WHERE hash = @hash";

    public async Task<bool> TryFinishPushedAsync(byte[] hash, CancellationToken ct) => await database.ExecuteAsync(FinishPushedSql, ct, ("hash", hash)) == 1;

    private static string Json(IReadOnlyDictionary<string, string> value) => JsonSerializer.Serialize(value, StorageJson.Default.IReadOnlyDictionaryStringString);

    private static string Json(IReadOnlyList<string> value) => JsonSerializer.Serialize(value, StorageJson.Default.IReadOnlyListString);

    private static string Json(PendingProofs value) => JsonSerializer.Serialize(value, StorageJson.Default.PendingProofs);

    private static IReadOnlyDictionary<string, string> Parameters(DbDataReader row, int column) => JsonSerializer.Deserialize(row.GetString(column), StorageJson.Default.IReadOnlyDictionaryStringString)!;

    private static IReadOnlyList<string> Resources(DbDataReader row, int column) => JsonSerializer.Deserialize(row.GetString(column), StorageJson.Default.IReadOnlyListString)!;
}
