using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.RateLimits;

/// <summary>
/// Counts what callers ask for. A request costs a look into memory; what was let pass is added up between the nodes about once a second by <see cref="RateSharing"/>, so a limit
/// is exceeded by no more than what the other nodes let pass in that second, and a fiftieth of it for each of them.
/// </summary>
/// <remarks>
/// Memory is bounded. When it is full, counters that are far from their limit are forgotten (what they had shared comes back with the next write); should there be no such counter,
/// a new caller is let pass uncounted: a limit per caller does not stop so many callers, and refusing them would refuse everybody.
/// </remarks>
public sealed class RateLimiter(IOptions<RateLimitOptions> options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, RateCounter> _counters = new(StringComparer.Ordinal);
    private readonly Lock _sweeping = new();
    private DateTimeOffset _sweptAt;
    private int _count;

    /// <summary>Counters in memory.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Asks for one request, and counts it where it may pass. What is refused is not counted.</summary>
    /// <param name="subject">Who asks: an id, a client, an address; at most 200 characters.</param>
    public RateVerdict Spend(RateRule rule, string subject)
    {
        var now = clock.GetUtcNow();
        if (rule.Limit <= 0) return new RateVerdict(true, rule, int.MaxValue, TimeSpan.Zero, false);
        var bucket = rule.Name + ":" + subject;
        if (_counters.TryGetValue(bucket, out var counter)) return counter.Spend(rule, now);
        if (Count >= options.Value.MaximumCounters && !MakeRoom(now)) return new RateVerdict(true, rule, rule.Limit - 1, rule.Window, false);

        var added = new RateCounter(rule, now);
        counter = _counters.GetOrAdd(bucket, added);
        if (ReferenceEquals(counter, added)) Interlocked.Increment(ref _count);
        return counter.Spend(rule, now);
    }

    /// <summary>What has to be written, by window.</summary>
    internal List<((long Start, TimeSpan Window) Window, List<(string Bucket, RateCounter Counter, long Spent)> Entries)> Take(bool all)
    {
        var now = clock.GetUtcNow();
        var windows = new Dictionary<(long, TimeSpan), List<(string, RateCounter, long)>>();
        foreach (var (bucket, counter) in _counters)
        {
            if (counter.Take(now, all) is not var (start, window, spent))
            {
                if (counter.IsForgettable(now, full: false)) Forget(bucket);
                continue;
            }

            if (!windows.TryGetValue((start, window), out var entries)) windows[(start, window)] = entries = [];
            entries.Add((bucket, counter, spent));
        }

        return [.. windows.Select(static w => (w.Key, w.Value))];
    }

    /// <summary>Not more than once a second, however many ask: it looks at every counter.</summary>
    private bool MakeRoom(DateTimeOffset now)
    {
        lock (_sweeping)
        {
            if (Count < options.Value.MaximumCounters) return true;
            if (now - _sweptAt < TimeSpan.FromSeconds(1)) return false;
            _sweptAt = now;
            foreach (var (bucket, counter) in _counters)
                if (counter.IsForgettable(now, full: true)) Forget(bucket);
            return Count < options.Value.MaximumCounters;
        }
    }

    private void Forget(string bucket)
    {
        if (_counters.TryRemove(bucket, out _)) Interlocked.Decrement(ref _count);
    }
}
