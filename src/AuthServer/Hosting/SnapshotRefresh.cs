using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;

namespace AuthServer.Hosting;

/// <summary>Looks every two seconds whether another node changed clients, scopes or keys. Two tiny reads; the pictures are reloaded only when a version moved.</summary>
internal sealed partial class SnapshotRefresh(ClientRegistry clients, KeyRing keys, TimeProvider clock, ILogger<SnapshotRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await RefreshAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The server is stopping.
        }
    }

    private async Task RefreshAsync(CancellationToken ct)
    {
        try
        {
            await clients.ReloadIfChangedAsync(ct);
            await keys.ReloadIfChangedAsync(ct);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // What is in memory stays in force; the next tick tries again.
            Failed(logger, fault.GetBaseException().Message);
        }
    }

    [LoggerMessage(9301, LogLevel.Warning, "Clients and keys could not be compared with the database: {Reason}")]
    private static partial void Failed(ILogger logger, string reason);
}
