using System.Data.Common;
using AuthServer.Engine.Audit;
using Microsoft.Extensions.Options;

namespace AuthServer.Storage.Sql;

/// <summary>Takes old lines from the beginning of the trail. The last one taken stays as an anchor, so that what is left can still be verified.</summary>
internal sealed class SqlAuditRetention(SqlDatabase database, IAuditTrail audit, IOptions<AuditOptions> options)
{
    /// <summary>How far the old lines go without a young one between them, within a batch from the beginning; and where the batch begins.</summary>
    private const string LastOldSql = """
        SELECT COALESCE(MIN(CASE WHEN at >= @before THEN id END) - 1, MAX(id)), MIN(id) FROM (SELECT id, at FROM audit_events ORDER BY id LIMIT @batch) AS oldest
        """;

    private const string AnchorSql = "INSERT INTO audit_anchors (id, hash, at) SELECT id, hash, at FROM audit_events WHERE id = @id ON CONFLICT (id) DO NOTHING";
    private const string ForgetAnchorsSql = "DELETE FROM audit_anchors WHERE id < @id";
    private const string DeleteSql = "DELETE FROM audit_events WHERE id <= @id";
    private const string StatisticsSql = "DELETE FROM statistics WHERE at < @before";

    private sealed record OldRun(long First, long Last)
    {
        public bool IsEmpty => Last < First;
    }

    private static OldRun Run(DbDataReader row) => row.IsDBNull(0) ? new OldRun(1, 0) : new OldRun(row.GetInt64(1), row.GetInt64(0));

    /// <summary>Answers how many lines went.</summary>
    public async Task<long> PruneAsync(int batchSize, DateTimeOffset now, CancellationToken ct)
    {
        if (options.Value.RetentionDays == 0) return 0;
        var before = now.AddDays(-options.Value.RetentionDays).Ms();
        long total = 0;
        while (await database.FindAsync(LastOldSql, Run, ct, ("batch", batchSize), ("before", before)) is { IsEmpty: false, Last: var last })
        {
            var gone = await database.TransactAsync([new Statement(AnchorSql, ("id", last)), new Statement(DeleteSql, ("id", last)), new Statement(ForgetAnchorsSql, ("id", last))], ct);
            total += gone[1];
        }

        await database.ExecuteAsync(StatisticsSql, ct, ("before", before));
        if (total > 0) audit.Record(new AuditEvent(AuditKind.AuditPruned, Detail: $"{total} lines older than {options.Value.RetentionDays} days"));
        return total;
    }
}
