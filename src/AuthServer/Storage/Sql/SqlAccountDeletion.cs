using AuthServer.Engine.Accounts;

namespace AuthServer.Storage.Sql;

/// <summary>Deletes and shuts out people, but never the last administrator; see <see cref="IAccountDeletionStore"/>. What is theirs goes by the foreign keys.</summary>
internal sealed class SqlAccountDeletion(SqlDatabase database, TimeProvider clock) : IAccountDeletionStore
{
    private const string OthersSql = """
        SELECT o.id FROM users o WHERE o.is_administrator = TRUE AND o.disabled = FALSE AND (o.lockout_end IS NULL OR o.lockout_end <= @now) AND o.id <> @id
        """;

    /// <summary>
    /// Administrators leave one after the other: of two who go at the same moment the second one has to see that the first is gone. One row that is always there serves as the lock
    /// (those of the administrators themselves would be locked in ever changing order).
    /// </summary>
    private const string LockSql = "UPDATE snapshot_versions SET version = version WHERE name = 'clients' AND EXISTS (SELECT 1 FROM users u WHERE u.id = @id AND u.is_administrator = TRUE)";

    private const string DeleteSql = $"DELETE FROM users WHERE id = @id AND (is_administrator = FALSE OR EXISTS ({OthersSql}))";

    public async Task<bool> TryDeleteAsync(string userId, CancellationToken ct) =>
        (await database.TransactAsync([new Statement(LockSql, ("id", userId)), new Statement(DeleteSql, ("id", userId), ("now", clock.GetUtcNow().Ms()))], ct))[1] == 1;

    private const string DisableSql = $"UPDATE users SET disabled = TRUE, updated_at = @now, concurrency_stamp = @stamp WHERE id = @id AND (is_administrator = FALSE OR EXISTS ({OthersSql}))";
    private const string TakeAdministrationSql = $"UPDATE users SET is_administrator = FALSE, updated_at = @now, concurrency_stamp = @stamp WHERE id = @id AND (is_administrator = FALSE OR EXISTS ({OthersSql}))";

    /// <summary>See <see cref="Engine.Administration.IPeopleStore.TryDisableAsync"/>.</summary>
    public Task<bool> TryDisableAsync(string userId, DateTimeOffset now, CancellationToken ct) => TryAsync(DisableSql, userId, now, ct);

    /// <summary>See <see cref="Engine.Administration.IPeopleStore.TryTakeAdministrationAsync"/>.</summary>
    public Task<bool> TryTakeAdministrationAsync(string userId, DateTimeOffset now, CancellationToken ct) => TryAsync(TakeAdministrationSql, userId, now, ct);

    private async Task<bool> TryAsync(string sql, string userId, DateTimeOffset now, CancellationToken ct) =>
        (await database.TransactAsync([new Statement(LockSql, ("id", userId)), new Statement(sql, ("id", userId), ("now", now.Ms()), ("stamp", Guid.NewGuid().ToString()))], ct))[1] == 1;

    public async Task<bool> HasOtherAdministratorAsync(string userId, CancellationToken ct) =>
        await database.FindAsync(OthersSql, static row => row.GetString(0), ct, ("id", userId), ("now", clock.GetUtcNow().Ms())) is not null;
}
