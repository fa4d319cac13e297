using System.Data.Common;
using System.Text.Json;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Storage.Sql;

/// <summary>What a person granted; see <see cref="IGrantList"/>.</summary>
internal sealed class SqlGrantList(SqlDatabase database) : IGrantList
{
    private const string ListSql = """
        SELECT g.id, g.client_id, g.session_id, g.bound_to_session, g.scopes, g.created_at, g.expires_at, g.revoked_at, g.rotated_at,
               g.revoked_at IS NULL AND g.expires_at > @now AND (g.bound_to_session = FALSE OR (s.id IS NOT NULL AND s.ended_at IS NULL AND s.expires_at > @now)), g.details
        FROM grants g LEFT JOIN sessions s ON s.id = g.session_id WHERE g.user_id = @user ORDER BY g.created_at DESC, g.id LIMIT 1000
        """;

    public Task<IReadOnlyList<GrantSummary>> ListAsync(string userId, DateTimeOffset now, CancellationToken ct) => database.ListAsync(ListSql, Read, ct, ("user", userId), ("now", now.Ms()));

    private const string RevokeElsewhereSql = """
        UPDATE grants SET revoked_at = @now
        WHERE user_id = @user AND revoked_at IS NULL AND (bound_to_session = FALSE OR session_id IS NULL OR session_id <> @session)
        """;

    public Task<int> RevokeElsewhereAsync(string userId, string sessionId, DateTimeOffset now, CancellationToken ct) =>
        database.ExecuteAsync(RevokeElsewhereSql, ct, ("now", now.Ms()), ("user", userId), ("session", sessionId));

    private static GrantSummary Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        ClientId = row.GetString(1),
        SessionId = row.TextOrNull(2),
        BoundToSession = row.GetBoolean(3),
        Scopes = ScopeSet.Parse(row.GetString(4)),
        CreatedAt = row.Time(5),
        ExpiresAt = row.Time(6),
        RevokedAt = row.TimeOrNull(7),
        RefreshedAt = row.TimeOrNull(8),
        Stands = row.GetBoolean(9),
        Token = JsonSerializer.Deserialize(row.GetString(10), StorageJson.Default.GrantDetails)?.Token,
    };
}
