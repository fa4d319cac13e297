using System.Data.Common;
using AuthServer.Engine.Audit;

namespace AuthServer.Storage.Sql;

/// <summary>Appends audit events to the chain, a batch in one transaction, and counts them for the figures by the hour.</summary>
internal sealed class SqlAuditStore(SqlDatabase database, AuditChain chain) : IAuditStore, IDisposable
{
    /// <summary>A place in the chain is a primary key: of two nodes that append at one moment the second one's transaction fails whole, and it tries again behind the first.</summary>
    private const int Attempts = 20;

    private const string AddSql = """
        INSERT INTO audit_events (id, at, kind, client_id, subject, session_id, address, detail, actor, target, hash)
        VALUES (@id, @at, @kind, @client, @subject, @session, @address, @detail, @actor, @target, @hash)
        """;

    private const string HeadSql = "SELECT id, hash FROM audit_events WHERE id = (SELECT MAX(id) FROM audit_events)";

    /// <summary>Where the retention took everything, the chain goes on behind what it took.</summary>
    private const string AnchorSql = "SELECT id, hash FROM audit_anchors WHERE id = (SELECT MAX(id) FROM audit_anchors)";

    private const string CountSql = """
        INSERT INTO statistics (at, name, value) VALUES (@at, @name, @value) ON CONFLICT (at, name) DO UPDATE SET value = statistics.value + excluded.value
        """;

    private readonly SemaphoreSlim _appending = new(1, 1);
    private Head? _head;

    private sealed record Head(long Id, byte[]? Hash);

    public async Task AppendAsync(IReadOnlyList<(DateTimeOffset At, AuditEvent Event)> entries, CancellationToken ct)
    {
        await _appending.WaitAsync(ct);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var head = _head ??= await ReadHeadAsync(ct);
                var (statements, next) = Chained(entries, head);
                try
                {
                    await database.TransactAsync([.. statements, .. Counts(entries)], ct);
                    _head = next;
                    return;
                }
                catch (DbException) when (attempt < Attempts)
                {
                    _head = await ReadHeadAsync(ct);
                    if (_head == head || _head.Id == head.Id) throw;
                }
            }
        }
        catch
        {
            _head = null;
            throw;
        }
        finally
        {
            _appending.Release();
        }
    }

    private async Task<Head> ReadHeadAsync(CancellationToken ct) =>
        await database.FindAsync(HeadSql, Read, ct) ?? await database.FindAsync(AnchorSql, Read, ct) ?? new Head(0, null);

    private static Head Read(DbDataReader row) => new(row.GetInt64(0), row.BytesOrNull(1));

    private (List<Statement> Statements, Head Next) Chained(IReadOnlyList<(DateTimeOffset At, AuditEvent Event)> entries, Head head)
    {
        var statements = new List<Statement>(entries.Count);
        foreach (var (at, e) in entries)
        {
            // Milliseconds are what is kept, so they are what is hashed.
            var entry = new AuditEntry(head.Id + 1, at, e);
            head = new Head(entry.Id, chain.HashOf(head.Hash, entry));
            statements.Add(new Statement(AddSql, ("id", head.Id), ("at", at.Ms()), ("kind", e.Kind.ToString()), ("client", e.ClientId), ("subject", e.Subject), ("session", e.SessionId),
                ("address", e.Address), ("detail", e.Detail), ("actor", e.Actor), ("target", e.Target), ("hash", head.Hash)));
        }

        return (statements, head);
    }

    private static IEnumerable<Statement> Counts(IReadOnlyList<(DateTimeOffset At, AuditEvent Event)> entries) =>
        from entry in entries
        let name = AuditFigures.NameOf(entry.Event.Kind)
        where name is not null
        group entry by (Hour: AuditFigures.HourOf(entry.At), name) into counted
        orderby counted.Key.Hour, counted.Key.name
        select new Statement(CountSql, ("at", counted.Key.Hour.Ms()), ("name", counted.Key.name), ("value", (long)counted.Count()));

    public void Dispose() => _appending.Dispose();
}
