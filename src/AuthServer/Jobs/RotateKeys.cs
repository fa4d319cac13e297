using AuthServer.Engine.Keys;
using Quartz;

namespace AuthServer.Jobs;

/// <summary>Announces successors of signing keys in time and forgets removed ones. Also: <c>keys rotate</c>.</summary>
[DisallowConcurrentExecution]
internal sealed class RotateKeys(KeyRotation rotation, KeyRing ring) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (await rotation.EnsureAsync(cancellationToken)) await ring.ReloadAsync(cancellationToken);
    }
}
