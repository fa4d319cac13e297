using AuthServer.Engine.Audit;

namespace AuthServer.Storage.Sql;

/// <summary>Appends audit events, a batch in one transaction.</summary>
internal sealed class SqlAuditStore(SqlDatabase database) : IAuditStore
{
    private const string AddSql = """
        INSERT INTO audit_events (at, kind, client_id, subject, session_id, address, detail) VALUES (@at, @kind, @client, @subject, @session, @address, @detail)
        """;

    public Task AppendAsync(IReadOnlyList<(DateTimeOffset At, AuditEvent Event)> entries, CancellationToken ct) => database.TransactAsync(
        [.. entries.Select(e => new Statement(AddSql, ("at", e.At.Ms()), ("kind", e.Event.Kind.ToString()), ("client", e.Event.ClientId), ("subject", e.Event.Subject),
            ("session", e.Event.SessionId), ("address", e.Event.Address), ("detail", e.Event.Detail)))], ct);
}
