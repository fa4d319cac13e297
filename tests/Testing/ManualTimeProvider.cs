using System.Threading.Channels;

namespace AuthServer.Testing;

/// <summary>A clock that stands still until a test moves it. Timers due by then fire while it is moved.</summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly Channel<ManualTimer> _started = Channel.CreateUnbounded<ManualTimer>();
    private DateTimeOffset _now = start;

    /// <summary>Until somebody begins to wait on this clock once more than this was asked: moving it has an effect then.</summary>
    public Task NextTimerAsync() => _started.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (_gate) _timers.Add(timer);
        _started.Writer.TryWrite(timer);
        return timer;
    }

    public void Advance(TimeSpan by) => SetUtcNow(GetUtcNow() + by);

    /// <summary>Also backwards, as a clock that is put right. A timer fires once however far the clock jumps, the earliest first.</summary>
    public void SetUtcNow(DateTimeOffset to)
    {
        ManualTimer[] due;
        lock (_gate)
        {
            _now = to;
            due = [.. _timers.Where(t => t.DueAt <= _now).OrderBy(static t => t.DueAt)];
        }

        foreach (var timer in due) timer.Fire();
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _disposed;

        public DateTimeOffset? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed) return false;
            DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock.GetUtcNow() + dueTime;
            _period = period;
            return true;
        }

        public void Fire()
        {
            // One that fired before it may have ended this one.
            if (_disposed) return;
            DueAt = _period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero ? null : clock.GetUtcNow() + _period;
            callback(state);
        }

        public void Dispose()
        {
            _disposed = true;
            lock (clock._gate) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
