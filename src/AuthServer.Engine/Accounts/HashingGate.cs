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

    /// <summary>A place among those who hash or wait for it, or null where there is none. Take it before counting or using anything up, so that a busy machine costs nobody anything.</summary>
    public Place? TryTake()
    {
        if (Interlocked.Increment(ref _inside) <= _room) return new Place(this);
        Interlocked.Decrement(ref _inside);
        return null;
    }

    public void Dispose() => _running.Dispose();

    /// <summary>Held by one attempt until it is over.</summary>
    public sealed class Place : IDisposable
    {
        private readonly HashingGate _gate;
        private bool _left;

        internal Place(HashingGate gate) => _gate = gate;

        /// <summary>Waits for its turn, then runs off the request's own thread.</summary>
        public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken ct)
        {
            await _gate._running.WaitAsync(ct);
            try
            {
                return await Task.Run(work, ct);
            }
            finally
            {
                _gate._running.Release();
            }
        }

        public void Dispose()
        {
            if (_left) return;
            _left = true;
            Interlocked.Decrement(ref _gate._inside);
        }
    }
}
