using AuthServer.Engine.Accounts;

namespace AuthServer.Storage.Sql;

/// <summary>Deletes people; see <see cref="IAccountDeletionStore"/>. What is theirs goes by the foreign keys.</summary>
internal sealed class SqlAccountDeletion(SqlDatabase database, TimeProvider clock) : IAccountDeletionStore
{
    private const string OthersSql = """
        SELECT o.id FROM users o WHERE o.is_administrator = TRUE AND o.disabled = FALSE AND (o.lockout_end IS NULL OR o.lockout_end <= @now) AND o.id <> @id
        """;

    /// <summary>Takes a lock on every administrator first, so that of two who leave at the same moment the second one sees that the first is gone.</summary>
    private const string LockSql = "UPDATE users SET is_administrator = TRUE WHERE is_administrator = TRUE AND EXISTS (SELECT 1 FROM users u WHERE u.id = @id AND u.is_administrator = TRUE)";

    private const string DeleteSql = $"DELETE FROM users WHERE id = @id AND (is_administrator = FALSE OR EXISTS ({OthersSql}))";

    public async Task<bool> TryDeleteAsync(string userId, CancellationToken ct) =>
        (await database.TransactAsync([new Statement(LockSql, ("id", userId)), new Statement(DeleteSql, ("id", userId), ("now", clock.GetUtcNow().Ms()))], ct))[1] == 1;

    public async Task<bool> HasOtherAdministratorAsync(string userId, CancellationToken ct) =>
        await database.FindAsync(OthersSql, static row => row.GetString(0), ct, ("id", userId), ("now", clock.GetUtcNow().Ms())) is not null;
}
