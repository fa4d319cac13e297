using System.Data.Common;
using AuthServer.Engine.Audit;

namespace AuthServer.Storage.Sql;

/// <summary>Reads audit events; see <see cref="IAuditReader"/>.</summary>
internal sealed class SqlAuditReader(SqlDatabase database) : IAuditReader
{
    /// <summary>The kinds come as one text, <c>,A,B,</c>: constant SQL for any number of them. The place is a pair, so that events of one millisecond are neither lost nor told twice.</summary>
    private const string ListSql = """
        SELECT id, at, kind, client_id, subject, session_id, address, detail FROM audit_events
        WHERE subject = @subject AND (@kinds = '' OR @kinds LIKE '%,' || kind || ',%') AND (at, id) < (@at, @id)
        ORDER BY at DESC, id DESC LIMIT @most
        """;

    public Task<IReadOnlyList<AuditEntry>> ListAsync(string subject, IReadOnlyCollection<AuditKind> kinds, AuditPlace? before, int most, CancellationToken ct) => database.ListAsync(ListSql, Read, ct,
        ("subject", subject), ("kinds", kinds.Count == 0 ? "" : "," + string.Join(',', kinds) + ","), ("at", before is { } place ? place.At.Ms() : long.MaxValue), ("id", before?.Id ?? long.MaxValue), ("most", most));

    private static AuditEntry Read(DbDataReader row) => new(row.GetInt64(0), row.Time(1),
        new AuditEvent(Enum.TryParse<AuditKind>(row.GetString(2), out var kind) ? kind : AuditKind.UserChanged, row.TextOrNull(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7)));
}
