using AuthServer.Engine.Audit;
using AuthServer.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>The audit trail down to its rows.</summary>
public abstract class AuditConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : AuditConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : AuditConformance(TestStorage.PostgreSql);

    [Fact]
    public async Task A_line_comes_back_as_it_was_written()
    {
        await Database.Get<IAuditStore>().AppendAsync([(Now, new AuditEvent(AuditKind.SignedIn, "web", "sub", "sid", "::1", "Ä"))], None);
        await Database.Get<IAuditStore>().AppendAsync([(Now.AddSeconds(1), new AuditEvent(AuditKind.KeyChanged))], None);

        var rows = await Database.WithDbAsync(db => db.AuditEvents.OrderBy(e => e.Id).ToListAsync());

        Assert.Equal([(Now, "SignedIn", "web", "sub", "sid", "::1", "Ä"), (Now.AddSeconds(1), "KeyChanged", null, null, null, null, null)],
            rows.Select(r => (r.At, r.Kind, r.ClientId, r.Subject, r.SessionId, r.Address, r.Detail)));
    }

    [Fact]
    public async Task An_orderly_stop_loses_no_line_and_keeps_their_order()
    {
        using var trail = new AuditTrail(Database.Get<IAuditStore>(), Database.Clock, NullLogger<AuditTrail>.Instance);
        await trail.StartAsync(None);
        for (var i = 0; i < 1_700; i++) trail.Record(new AuditEvent(AuditKind.GrantIssued, Detail: $"{i}"));

        await trail.StopAsync(None);

        var details = await Database.WithDbAsync(db => db.AuditEvents.OrderBy(e => e.Id).Select(e => e.Detail).ToListAsync());
        Assert.Equal(Enumerable.Range(0, 1_700).Select(i => $"{i}"), details);
    }
}

/// <summary>What the trail does while the database is away.</summary>
public sealed class AuditTrailFaults
{
    [Fact]
    public async Task A_database_that_is_away_is_asked_again_after_a_pause_and_loses_no_line()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UnixEpoch);
        var store = new AbsentStore();
        using var trail = new AuditTrail(store, clock, NullLogger<AuditTrail>.Instance);
        for (var i = 0; i < 1_200; i++) trail.Record(new AuditEvent(AuditKind.GrantIssued, Detail: $"{i}"));

        await trail.StartAsync(CancellationToken.None);
        await clock.NextTimerAsync();
        clock.Advance(TimeSpan.FromMilliseconds(100));
        await clock.NextTimerAsync();
        Assert.Equal(1, store.Refused);
        clock.Advance(TimeSpan.FromSeconds(5));
        await clock.NextTimerAsync();
        Assert.Equal(2, store.Refused);

        store.Away = false;
        await trail.StopAsync(CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 1_200).Select(i => $"{i}"), store.Kept.Select(e => e.Detail));
    }

    private sealed class AbsentStore : IAuditStore
    {
        public bool Away { get; set; } = true;

        public int Refused { get; private set; }

        public List<AuditEvent> Kept { get; } = [];

        public Task AppendAsync(IReadOnlyList<(DateTimeOffset At, AuditEvent Event)> entries, CancellationToken ct)
        {
            if (Away)
            {
                Refused++;
                throw new IOException("away");
            }

            Kept.AddRange(entries.Select(e => e.Event));
            return Task.CompletedTask;
        }
    }
}
