using System.Data.Common;
using AuthServer.Engine.Accounts;

namespace AuthServer.Storage.Sql;

/// <summary>The guessing brake; see <see cref="ISignInFailureStore"/>.</summary>
internal sealed class SqlSignInFailureStore(SqlDatabase database) : ISignInFailureStore
{
    private const string AddSql = """
        INSERT INTO sign_in_failures (account_key, source_key, failures, last_at) VALUES (@account, @source, 1, @now)
        ON CONFLICT (account_key, source_key) DO UPDATE SET
            failures = CASE WHEN sign_in_failures.last_at < @forget THEN 1 ELSE sign_in_failures.failures + 1 END, last_at = excluded.last_at
        RETURNING failures, blocked_until
        """;

    public async Task<SignInFailures> AddAsync(string accountKey, string sourceKey, DateTimeOffset now, DateTimeOffset forgetBefore, CancellationToken ct) =>
        (await database.WriteAsync(AddSql, Read, ct, ("account", accountKey), ("source", sourceKey), ("now", now.Ms()), ("forget", forgetBefore.Ms())))!;

    private const string FindSql = "SELECT failures, blocked_until FROM sign_in_failures WHERE account_key = @account AND source_key = @source";

    public Task<SignInFailures?> ReadAsync(string accountKey, string sourceKey, CancellationToken ct) => database.FindAsync(FindSql, Read, ct, ("account", accountKey), ("source", sourceKey));

    private const string BlockSql = """
        UPDATE sign_in_failures SET blocked_until = @until WHERE account_key = @account AND source_key = @source AND COALESCE(blocked_until, 0) = @expected
        """;

    public async Task<bool> TrySetBlockAsync(string accountKey, string sourceKey, DateTimeOffset? expected, DateTimeOffset until, CancellationToken ct) =>
        await database.ExecuteAsync(BlockSql, ct, ("until", until.Ms()), ("account", accountKey), ("source", sourceKey), ("expected", expected.Ms() ?? 0L)) == 1;

    private const string ResetSql = "DELETE FROM sign_in_failures WHERE account_key = @account AND source_key = @source";

    public Task ResetAsync(string accountKey, string sourceKey, CancellationToken ct) => database.ExecuteAsync(ResetSql, ct, ("account", accountKey), ("source", sourceKey));

    private const string ForgetSql = "DELETE FROM sign_in_failures WHERE account_key = @account";

    public Task ForgetAsync(string accountKey, CancellationToken ct) => database.ExecuteAsync(ForgetSql, ct, ("account", accountKey));

    private static SignInFailures Read(DbDataReader row) => new(row.GetInt32(0), row.TimeOrNull(1));
}
