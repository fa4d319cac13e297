using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Accounts;

/// <summary>Caps the hashing that strangers can cause: so many at a time, so many waiting, the rest is told to come back. Token traffic keeps its share of the machine.</summary>
public sealed class HashingGate(IOptions<AccountOptions> options) : IDisposable
{
    public const int RetryAfterSeconds = 2;

    private readonly SemaphoreSlim _running = new(Width(options.Value));
    private readonly int _room = Width(options.Value) + options.Value.HashQueue;
    private int _inside;

    private static int Width(AccountOptions options) => options.ParallelHashes > 0 ? options.ParallelHashes : Environment.ProcessorCount;

    /// <summary>Null where the queue is full.</summary>
    public async Task<T?> RunAsync<T>(Func<Task<T>> work, CancellationToken ct) where T : class
    {
        if (Interlocked.Increment(ref _inside) > _room)
        {
            Interlocked.Decrement(ref _inside);
            return null;
        }

        try
        {
            await _running.WaitAsync(ct);
            try
            {
                return await Task.Run(work, ct);
            }
            finally
            {
                _running.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public void Dispose() => _running.Dispose();
}
