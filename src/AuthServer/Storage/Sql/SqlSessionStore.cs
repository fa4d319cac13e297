using System.Data.Common;
using AuthServer.Engine.Sessions;

namespace AuthServer.Storage.Sql;

/// <summary>Sessions; see <see cref="ISessionStore"/>.</summary>
internal sealed class SqlSessionStore(SqlDatabase database, TimeProvider clock) : ISessionStore
{
    private const string Columns = "s.id, s.user_id, s.key_hash, s.created_at, s.auth_time, s.amr, s.acr, s.last_seen_at, s.expires_at, s.ended_at, s.address, s.user_agent, s.persistent";

    private const string AddSql = """
        INSERT INTO sessions (id, user_id, key_hash, created_at, auth_time, amr, acr, last_seen_at, expires_at, address, user_agent, persistent)
        VALUES (@id, @user, @key, @created, @auth_time, @amr, @acr, @seen, @expires, @address, @agent, @persistent)
        """;

    public Task AddAsync(Session session, CancellationToken ct) => database.ExecuteAsync(AddSql, ct,
        ("id", session.Id), ("user", session.UserId), ("key", session.KeyHash), ("created", session.CreatedAt.Ms()), ("auth_time", session.AuthTime.Ms()), ("amr", string.Join(' ', session.Amr)),
        ("acr", session.Acr), ("seen", session.LastSeenAt.Ms()), ("expires", session.ExpiresAt.Ms()), ("address", session.Address), ("agent", session.UserAgent), ("persistent", session.Persistent));

    private const string FindSql = $"SELECT {Columns}, u.user_name, u.disabled, u.lockout_end, u.is_administrator FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = @id";

    public Task<StandingSession?> FindAsync(string id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return database.FindAsync(FindSql, row => new StandingSession(Read(row), row.GetString(13), !row.GetBoolean(14) && (row.IsDBNull(15) || row.Time(15) <= now)) { IsAdministrator = row.GetBoolean(16) }, ct, ("id", id));
    }

    private const string RenewSql = """
        UPDATE sessions SET key_hash = @key, auth_time = @auth_time, amr = @amr, acr = @acr, last_seen_at = @auth_time, expires_at = @expires, persistent = @persistent
        WHERE id = @id AND ended_at IS NULL
        """;

    public async Task<bool> TryRenewAsync(string id, byte[] keyHash, DateTimeOffset authTime, IReadOnlyList<string> amr, string acr, DateTimeOffset expiresAt, bool persistent, CancellationToken ct) =>
        await database.ExecuteAsync(RenewSql, ct, ("key", keyHash), ("auth_time", authTime.Ms()), ("amr", string.Join(' ', amr)), ("acr", acr), ("expires", expiresAt.Ms()), ("persistent", persistent), ("id", id)) == 1;

    private const string ReplaceSecretSql = "UPDATE sessions SET key_hash = @key WHERE id = @id AND ended_at IS NULL";

    public async Task<bool> TryReplaceSecretAsync(string id, byte[] keyHash, CancellationToken ct) => await database.ExecuteAsync(ReplaceSecretSql, ct, ("key", keyHash), ("id", id)) == 1;

    private const string TouchSql = "UPDATE sessions SET last_seen_at = @seen WHERE id = @id AND last_seen_at < @seen";

    public Task TouchAsync(string id, DateTimeOffset lastSeenAt, CancellationToken ct) => database.ExecuteAsync(TouchSql, ct, ("seen", lastSeenAt.Ms()), ("id", id));

    private const string EndSql = "UPDATE sessions SET ended_at = @now WHERE id = @id AND ended_at IS NULL";
    private const string RevokeOfSessionSql = "UPDATE grants SET revoked_at = @now WHERE session_id = @id AND bound_to_session = TRUE AND revoked_at IS NULL";

    public async Task<bool> TryEndAsync(string id, DateTimeOffset now, CancellationToken ct) =>
        (await database.TransactAsync([new Statement(EndSql, ("now", now.Ms()), ("id", id)), new Statement(RevokeOfSessionSql, ("now", now.Ms()), ("id", id))], ct))[0] == 1;

    private const string RevokeOfAllSql = """
        UPDATE grants SET revoked_at = @now WHERE bound_to_session = TRUE AND revoked_at IS NULL
        AND session_id IN (SELECT id FROM sessions WHERE user_id = @user AND id <> @except AND ended_at IS NULL)
        """;

    private const string EndAllSql = "UPDATE sessions SET ended_at = @now WHERE user_id = @user AND id <> @except AND ended_at IS NULL";

    public async Task<int> EndAllAsync(string userId, string? exceptId, DateTimeOffset now, CancellationToken ct)
    {
        (string, object?)[] parameters = [("now", now.Ms()), ("user", userId), ("except", exceptId ?? "")];
        return (await database.TransactAsync([new Statement(RevokeOfAllSql, parameters), new Statement(EndAllSql, parameters)], ct))[1];
    }

    private const string ListSql = $"SELECT {Columns} FROM sessions s WHERE s.user_id = @user AND s.ended_at IS NULL AND s.expires_at > @now ORDER BY s.last_seen_at DESC";

    public Task<IReadOnlyList<Session>> ListAsync(string userId, DateTimeOffset now, CancellationToken ct) => database.ListAsync(ListSql, Read, ct, ("user", userId), ("now", now.Ms()));

    private static Session Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        UserId = row.GetString(1),
        KeyHash = row.Bytes(2),
        CreatedAt = row.Time(3),
        AuthTime = row.Time(4),
        Amr = row.GetString(5).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Acr = row.GetString(6),
        LastSeenAt = row.Time(7),
        ExpiresAt = row.Time(8),
        EndedAt = row.TimeOrNull(9),
        Address = row.TextOrNull(10),
        UserAgent = row.TextOrNull(11),
        Persistent = row.GetBoolean(12),
    };
}
