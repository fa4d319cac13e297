using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AuthServer.Engine.RateLimits;

/// <summary>Adds up between the nodes what each let pass: one command for all counters of a window, however many requests there were, and none where nothing happened.</summary>
public sealed partial class RateSharing(RateLimiter limiter, IRateStore store, TimeProvider clock, ILogger<RateSharing> logger) : BackgroundService
{
    /// <summary>Counters in one command.</summary>
    private const int Most = 5_000;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _sharing = new(1, 1);

    /// <param name="all">Also what is not worth a write yet, as a node that stops does.</param>
    public async Task ShareAsync(bool all, CancellationToken ct)
    {
        await _sharing.WaitAsync(ct);
        try
        {
            foreach (var (window, entries) in limiter.Take(all))
                foreach (var part in entries.Chunk(Most)) await ShareAsync(window, part, ct);
        }
        finally
        {
            _sharing.Release();
        }
    }

    private async Task ShareAsync((long Start, TimeSpan Window) window, (string Bucket, RateCounter Counter, long Spent)[] entries, CancellationToken ct)
    {
        IReadOnlyDictionary<string, long>? totals = null;
        try
        {
            var start = DateTimeOffset.FromUnixTimeMilliseconds(window.Start);
            totals = await store.AddAsync(start, start + window.Window, entries.ToDictionary(static e => e.Bucket, static e => e.Spent, StringComparer.Ordinal), ct);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // Each node counts for itself until the database is back.
            Failed(logger, fault.GetBaseException().Message);
        }
        finally
        {
            foreach (var (bucket, counter, _) in entries) counter.Written(window.Start, totals is not null && totals.TryGetValue(bucket, out var sum) ? sum : null);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await ShareAsync(all: false, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping: StopAsync writes the rest.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ShareAsync(all: true, cancellationToken);
    }

    public override void Dispose()
    {
        _sharing.Dispose();
        base.Dispose();
    }

    [LoggerMessage(7401, LogLevel.Warning, "Rate limits could not be shared with the other nodes: {Reason}")]
    private static partial void Failed(ILogger logger, string reason);
}
