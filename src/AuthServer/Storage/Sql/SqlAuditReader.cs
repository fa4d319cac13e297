using System.Data.Common;
using AuthServer.Engine.Audit;

namespace AuthServer.Storage.Sql;

/// <summary>Reads audit events; see <see cref="IAuditReader"/>.</summary>
internal sealed class SqlAuditReader(SqlDatabase database) : IAuditReader
{
    private const string Columns = "id, at, kind, client_id, subject, session_id, address, detail, actor, target";

    /// <summary>The kinds come as one text, <c>,A,B,</c>: constant SQL for any number of them. The place is a pair, so that events of one millisecond are neither lost nor told twice.</summary>
    private const string ListSql = $"""
        SELECT {Columns} FROM audit_events
        WHERE subject = @subject AND (@kinds = '' OR @kinds LIKE '%,' || kind || ',%') AND (at, id) < (@at, @id)
        ORDER BY at DESC, id DESC LIMIT @most
        """;

    /// <summary>An empty text does not matter. Three statements, because a filter by person, actor or target has an index of its own and the others walk back from the newest.</summary>
    private const string Filter = """
        id < @before AND at >= @from AND at < @to AND (@kinds = '' OR @kinds LIKE '%,' || kind || ',%') AND (@actor = '' OR actor = @actor) AND (@subject = '' OR subject = @subject)
        AND (@client = '' OR client_id = @client) AND (@target = '' OR target = @target) AND (@address = '' OR address = @address)
        """;

    private const string SearchSql = $"SELECT {Columns} FROM audit_events WHERE {Filter} ORDER BY id DESC LIMIT @most";
    private const string SearchOfSubjectSql = $"SELECT {Columns} FROM audit_events WHERE subject = @subject AND {Filter} ORDER BY at DESC, id DESC LIMIT @most";
    private const string SearchOfActorSql = $"SELECT {Columns} FROM audit_events WHERE actor = @actor AND {Filter} ORDER BY id DESC LIMIT @most";
    private const string SearchOfTargetSql = $"SELECT {Columns} FROM audit_events WHERE target = @target AND {Filter} ORDER BY id DESC LIMIT @most";
    private const string ChainSql = $"SELECT {Columns}, hash FROM audit_events WHERE id > @after ORDER BY id LIMIT @most";
    private const string AnchorSql = "SELECT id, hash FROM audit_anchors WHERE id = (SELECT MAX(id) FROM audit_anchors)";
    private const string FiguresSql = "SELECT at, name, value FROM statistics WHERE at >= @from ORDER BY at, name";

    public Task<IReadOnlyList<AuditEntry>> ListAsync(string subject, IReadOnlyCollection<AuditKind> kinds, AuditPlace? before, int most, CancellationToken ct) => database.ListAsync(ListSql, Read, ct,
        ("subject", subject), ("kinds", Text(kinds)), ("at", before is { } place ? place.At.Ms() : long.MaxValue), ("id", before?.Id ?? long.MaxValue), ("most", most));

    public Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditFilter filter, long? before, int most, CancellationToken ct)
    {
        var sql = filter switch { { Subject: not null } => SearchOfSubjectSql, { Actor: not null } => SearchOfActorSql, { Target: not null } => SearchOfTargetSql, _ => SearchSql };
        return database.ListAsync(sql, Read, ct, ("before", before ?? long.MaxValue), ("from", filter.From is { } from ? from.Ms() : long.MinValue), ("to", filter.To is { } to ? to.Ms() : long.MaxValue),
            ("kinds", Text(filter.Kinds)), ("actor", filter.Actor ?? ""), ("subject", filter.Subject ?? ""), ("client", filter.ClientId ?? ""), ("target", filter.Target ?? ""), ("address", filter.Address ?? ""), ("most", most));
    }

    public Task<IReadOnlyList<ChainedEntry>> ReadChainAsync(long after, int most, CancellationToken ct) =>
        database.ListAsync(ChainSql, static row => new ChainedEntry(Read(row), row.BytesOrNull(10)), ct, ("after", after), ("most", most));

    public Task<ChainedPlace?> FindAnchorAsync(CancellationToken ct) => database.FindAsync(AnchorSql, static row => new ChainedPlace(row.GetInt64(0), row.BytesOrNull(1)), ct);

    public Task<IReadOnlyList<HourlyFigure>> FiguresAsync(DateTimeOffset from, CancellationToken ct) =>
        database.ListAsync(FiguresSql, static row => new HourlyFigure(row.Time(0), row.GetString(1), row.GetInt64(2)), ct, ("from", from.Ms()));

    private static string Text(IReadOnlyCollection<AuditKind> kinds) => kinds.Count == 0 ? "" : "," + string.Join(',', kinds) + ",";

    private static AuditEntry Read(DbDataReader row) => new(row.GetInt64(0), row.Time(1),
        new AuditEvent(Enum.TryParse<AuditKind>(row.GetString(2), out var kind) ? kind : AuditKind.UserChanged, row.TextOrNull(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6), row.TextOrNull(7),
            row.TextOrNull(8), row.TextOrNull(9)));
}
