namespace AuthServer.Engine.RateLimits;

/// <summary>One bucket in one node's memory.</summary>
/// <remarks>A node writes what it let pass once that is worth a write (a fiftieth of the limit), so that callers who come once leave no row behind.</remarks>
internal sealed class RateCounter
{
    private readonly Lock _gate = new();
    private long _windowStart;
    private RateRule _rule;

    /// <summary>What all nodes together had spent when this one last wrote.</summary>
    private long _shared;

    /// <summary>Let pass here and not written yet.</summary>
    private long _pending;

    /// <summary>Being written now.</summary>
    private long _writing;
    private bool _refused;

    public RateCounter(RateRule rule, DateTimeOffset now) => (_rule, _windowStart) = (rule, rule.WindowStart(now));

    public RateVerdict Spend(RateRule rule, DateTimeOffset now)
    {
        lock (_gate)
        {
            var start = rule.WindowStart(now);
            if (start != _windowStart) (_windowStart, _shared, _pending, _writing, _refused) = (start, 0, 0, 0, false);
            // A key's own limit can be changed while it is counted.
            _rule = rule;
            var reset = DateTimeOffset.FromUnixTimeMilliseconds(start) + rule.Window - now;
            var left = rule.Limit - (_shared + _writing + _pending);
            if (left <= 0)
            {
                var first = !_refused;
                _refused = true;
                return new RateVerdict(false, rule, 0, reset, first);
            }

            _pending++;
            return new RateVerdict(true, rule, (int)(left - 1), reset, false);
        }
    }

    /// <summary>Takes what is worth a write; null where there is nothing to write.</summary>
    public (long WindowStart, TimeSpan Window, long Spent)? Take(DateTimeOffset now, bool all)
    {
        lock (_gate)
        {
            if (_windowStart != _rule.WindowStart(now) || _pending == 0 || (!all && _pending < Math.Max(1, _rule.Limit / 50))) return null;
            (_writing, _pending) = (_writing + _pending, 0);
            return (_windowStart, _rule.Window, _writing);
        }
    }

    /// <param name="total">Null: it could not be written.</param>
    public void Written(long windowStart, long? total)
    {
        lock (_gate)
        {
            if (windowStart != _windowStart) return;
            if (total is { } sum) _shared = Math.Max(_shared, sum);
            else _pending += _writing;
            _writing = 0;
        }
    }

    /// <summary>Nobody misses it: its window is over, or it is far from its limit and not just being written.</summary>
    public bool IsForgettable(DateTimeOffset now, bool full)
    {
        lock (_gate) return _writing == 0 && (_windowStart != _rule.WindowStart(now) || (full && (_shared + _pending) * 2 < _rule.Limit));
    }
}
