using System.Collections.Concurrent;
using System.Net;
using AuthServer.Engine.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AuthServer.Engine.ApiKeys;

/// <summary>Notes when keys were used last, once a minute and all in one command: a request never waits for it. Refused uses reach the audit trail once an hour for each key and reason.</summary>
public sealed partial class ApiKeyUses(IApiKeyStore store, IAuditTrail audit, TimeProvider clock, ILogger<ApiKeyUses> logger) : BackgroundService
{
    private const int MostRefusals = 10_000;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _refusals = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, ApiKeyUse> _uses = new(StringComparer.Ordinal);

    public void Note(ApiKey key, IPAddress? address) => _uses[key.Id] = new ApiKeyUse(clock.GetUtcNow(), address?.ToString());

    /// <summary>A key that exists and is not good was presented.</summary>
    public void NoteRefusal(ApiKey key, IPAddress? address, string reason)
    {
        var now = clock.GetUtcNow();
        var about = key.Id + " " + reason;
        if (_refusals.TryGetValue(about, out var last) && now - last < Silence) return;
        if (_refusals.Count >= MostRefusals) _refusals.Clear();
        _refusals[about] = now;
        audit.Record(new AuditEvent(AuditKind.ApiKeyRefused, ClientId: key.Owner.ClientId, Subject: key.Owner.UserId, Address: address?.ToString(), Detail: reason, Target: "api_key:" + key.Id));
    }

    /// <summary>Writes what was noted so far.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        var uses = Interlocked.Exchange(ref _uses, new ConcurrentDictionary<string, ApiKeyUse>(StringComparer.Ordinal));
        if (uses.IsEmpty) return;
        try
        {
            await store.NoteUsesAsync(uses, ct);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Failed(logger, fault.GetBaseException().Message);
            // What was noted since is newer.
            foreach (var (id, use) in uses) _uses.TryAdd(id, use);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await FlushAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping: StopAsync writes the rest.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    [LoggerMessage(7301, LogLevel.Warning, "The last uses of API keys could not be written: {Reason}")]
    private static partial void Failed(ILogger logger, string reason);
}
