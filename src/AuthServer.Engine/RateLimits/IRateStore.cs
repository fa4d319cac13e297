namespace AuthServer.Engine.RateLimits;

/// <summary>Where nodes add up what they let pass.</summary>
public interface IRateStore
{
    /// <summary>Adds to the counters of one window and answers what all nodes together spent of each, in one command.</summary>
    /// <param name="spent">By bucket.</param>
    /// <param name="expiresAt">When the rows may be deleted.</param>
    Task<IReadOnlyDictionary<string, long>> AddAsync(DateTimeOffset windowStart, DateTimeOffset expiresAt, IReadOnlyDictionary<string, long> spent, CancellationToken ct);
}
