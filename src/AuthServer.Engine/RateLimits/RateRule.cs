namespace AuthServer.Engine.RateLimits;

/// <summary>How much of something may be asked for.</summary>
/// <param name="Name">Lower-case letters and hyphens; what the headers call it. Counters of different rules never mix.</param>
/// <param name="Limit">Requests in one window; 0: no limit.</param>
/// <param name="Window">Windows begin at multiples of this since the Unix epoch, so that all nodes mean the same one.</param>
public sealed record RateRule(string Name, int Limit, TimeSpan Window)
{
    internal long WindowStart(DateTimeOffset now) => now.ToUnixTimeMilliseconds() / (long)Window.TotalMilliseconds * (long)Window.TotalMilliseconds;
}

/// <summary>Whether a request may pass, and what is left.</summary>
/// <param name="Remaining">Requests that may still follow in this window; never less than 0.</param>
/// <param name="Reset">Until the next window begins.</param>
/// <param name="First">The first refusal of this window on this node: the one that the audit trail hears of.</param>
public readonly record struct RateVerdict(bool Allowed, RateRule Rule, int Remaining, TimeSpan Reset, bool First)
{
    /// <summary>Whole seconds, at least 1, so that whoever waits that long is in the next window.</summary>
    public int ResetSeconds => Math.Max(1, (int)Math.Ceiling(Reset.TotalSeconds));
}
