using AuthServer.Engine.Tokens;

namespace AuthServer.Dialects;

/// <summary>Whether what the old APIs need is there, and since when this program runs.</summary>
internal sealed class DialectHealth(ITokenStore store, TimeProvider clock)
{
    private readonly DateTimeOffset _since = clock.GetUtcNow();

    public TimeSpan Uptime => clock.GetUtcNow() - _since;

    /// <summary>Asks the database a question that it always can answer.</summary>
    public async Task<bool> DatabaseAnswersAsync(CancellationToken ct)
    {
        try
        {
            await store.FindGrantAsync("", "", ct);
            return true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return false;
        }
    }
}
