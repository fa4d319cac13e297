using AuthServer.Storage.Sql;
using Quartz;

namespace AuthServer.Jobs;

/// <summary>Notes for the dashboard how many sessions there are.</summary>
[DisallowConcurrentExecution]
internal sealed class CountSessions(SqlSessionFigure figure, TimeProvider clock) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await figure.CountAsync(clock.GetUtcNow(), cancellationToken);
}
