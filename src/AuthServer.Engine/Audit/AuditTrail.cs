using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AuthServer.Engine.Audit;

/// <summary>Appends to the trail; nothing is ever changed or taken out through here.</summary>
public interface IAuditStore
{
    Task AppendAsync(IReadOnlyList<(DateTimeOffset At, AuditEvent Event)> entries, CancellationToken ct);
}

/// <summary>A channel in, batches out: a request never waits for its audit line, and a thousand lines cost one commit.</summary>
public sealed partial class AuditTrail(IAuditStore store, TimeProvider clock, ILogger<AuditTrail> logger) : BackgroundService, IAuditTrail
{
    private const int Capacity = 100_000;
    private const int BatchSize = 500;

    /// <summary>How long the first line of a batch waits for others. Without it a busy server would commit every line by itself; a crash loses this much of the trail, an orderly stop nothing.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two attempts while the database is away: the trail must not be what keeps it from coming back.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Channel<(DateTimeOffset At, AuditEvent Event)> _entries = Channel.CreateBounded<(DateTimeOffset, AuditEvent)>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = false });
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly List<(DateTimeOffset, AuditEvent)> _batch = new(BatchSize);

    public void Record(AuditEvent entry)
    {
        if (!_entries.Writer.TryWrite((clock.GetUtcNow(), entry))) Dropped(logger, entry.Kind);
    }

    /// <summary>Writes what has been recorded so far.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            do
            {
                // What a failed write left behind is tried first.
                while (_batch.Count < BatchSize && _entries.Reader.TryRead(out var entry)) _batch.Add(entry);
                if (_batch.Count > 0) await store.AppendAsync(_batch, ct);
                _batch.Clear();
            }
            while (_entries.Reader.TryPeek(out _));
        }
        finally
        {
            _writing.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _entries.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Gathering, clock, stoppingToken);
                while (!await TryFlushAsync(stoppingToken)) await Task.Delay(Pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: StopAsync writes the rest.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(cancellationToken);
    }

    private async Task<bool> TryFlushAsync(CancellationToken ct)
    {
        try
        {
            await FlushAsync(ct);
            return true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Failed(logger, fault.GetBaseException().Message);
            return false;
        }
    }

    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    [LoggerMessage(8001, LogLevel.Error, "The audit trail is full; an event {Kind} was not kept")]
    private static partial void Dropped(ILogger logger, AuditKind kind);

    [LoggerMessage(8002, LogLevel.Error, "A batch of the audit trail could not be written: {Reason}")]
    private static partial void Failed(ILogger logger, string reason);
}
