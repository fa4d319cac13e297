using AuthServer.Storage.Sql;
using Quartz;

namespace AuthServer.Jobs;

/// <summary>Takes from the audit trail what is older than it is to be kept.</summary>
[DisallowConcurrentExecution]
internal sealed class PruneAudit(SqlAuditRetention retention, TimeProvider clock) : IJob
{
    private const int BatchSize = 1_000;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await retention.PruneAsync(BatchSize, clock.GetUtcNow(), cancellationToken);
}
