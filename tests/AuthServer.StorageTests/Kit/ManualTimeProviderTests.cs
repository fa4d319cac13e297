using AuthServer.Testing;
using Xunit;

namespace AuthServer.StorageTests.Kit;

/// <summary>The clock that every other test trusts.</summary>
public sealed class ManualTimeProviderTests
{
    private static readonly DateTimeOffset _start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualTimeProvider _clock = new(_start);
    private readonly List<string> _fired = [];

    [Fact]
    public void It_stands_still_until_it_is_moved()
    {
        var stamp = _clock.GetTimestamp();
        Assert.Equal(_start, _clock.GetUtcNow());

        _clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(_start.AddSeconds(90), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(90), _clock.GetElapsedTime(stamp));

        _clock.SetUtcNow(_start.AddDays(-1));
        Assert.Equal(_start.AddDays(-1), _clock.GetUtcNow());
    }

    [Fact]
    public void A_timer_fires_when_its_moment_has_come_and_not_before()
    {
        using var timer = Timer("once", due: 10);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(_fired);

        _clock.Advance(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["once"], _fired);
    }

    [Fact]
    public void A_periodic_timer_fires_again_after_its_period()
    {
        using var timer = Timer("again", due: 10, period: 5);
        _clock.Advance(TimeSpan.FromSeconds(10));
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(["again"], _fired);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["again", "again"], _fired);
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_moments()
    {
        using var late = Timer("late", due: 20);
        using var early = Timer("early", due: 10);
        _clock.SetUtcNow(_start.AddMinutes(1));
        Assert.Equal(["early", "late"], _fired);
    }

    [Fact]
    public void A_timer_that_was_ended_stays_silent()
    {
        var last = Timer("last", due: 20);
        using var first = _clock.CreateTimer(_ => last.Dispose(), null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_fired);
        Assert.False(last.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public async Task What_waits_on_the_clock_goes_on_when_it_is_moved()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5), _clock);
        var over = new TaskCompletionSource();
        limit.Token.Register(over.SetResult);
        Assert.False(limit.IsCancellationRequested);

        _clock.Advance(TimeSpan.FromMinutes(5));
        await over.Task;
    }

    private ITimer Timer(string name, int due, int? period = null) => _clock.CreateTimer(
        _ => _fired.Add(name), null, TimeSpan.FromSeconds(due), period is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan);
}
