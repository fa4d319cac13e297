using AuthServer.Engine.Audit;

namespace AuthServer.Storage.Sql;

/// <summary>Notes how many sessions there are, once an hour.</summary>
internal sealed class SqlSessionFigure(SqlDatabase database)
{
    private const string CountSessionsSql = """
        INSERT INTO statistics (at, name, value) SELECT @at, 'sessions', COUNT(*) FROM sessions s WHERE s.expires_at > @now AND s.ended_at IS NULL
        ON CONFLICT (at, name) DO UPDATE SET value = excluded.value
        """;

    public Task CountAsync(DateTimeOffset now, CancellationToken ct) => database.ExecuteAsync(CountSessionsSql, ct, ("at", AuditFigures.HourOf(now).Ms()), ("now", now.Ms()));
}
