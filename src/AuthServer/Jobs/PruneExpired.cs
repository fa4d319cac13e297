using AuthServer.Storage;
using Quartz;

namespace AuthServer.Jobs;

/// <summary>Deletes what is over, a small batch at a time, so that no sign-in waits for it.</summary>
[DisallowConcurrentExecution]
internal sealed class PruneExpired(ExpiredRows rows, TimeProvider clock) : IJob
{
    private const int BatchSize = 1_000;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await rows.PruneAsync(BatchSize, clock.GetUtcNow(), cancellationToken);
}
