using AuthServer.Engine.Audit;
using AuthServer.Storage.Sql;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Nobody who can write to the database changes the trail unseen.</summary>
public abstract class AuditChainConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : AuditChainConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : AuditChainConformance(TestStorage.PostgreSql);

    private sealed class NoTrail : IAuditTrail
    {
        public void Record(AuditEvent entry)
        {
        }
    }

    private async Task WriteAsync(int lines, TimeSpan age = default)
    {
        for (var i = 0; i < lines; i += 2)
            await Database.Get<IAuditStore>().AppendAsync([.. Enumerable.Range(i, Math.Min(2, lines - i)).Select(n => (Now - age, new AuditEvent(AuditKind.UserChanged, "web", "sub", "sid", "::1", $"{n}", "user:boss", "role:r")))], None);
    }

    private Task<AuditVerdict> VerifyAsync() => new AuditVerifier(Database.Get<IAuditReader>(), new AuditChain(new byte[32])).VerifyAsync(None);

    private Task<long> PruneAsync(int days, int batch) =>
        new SqlAuditRetention(Database.Sql, new NoTrail(), Options.Create(new AuditOptions { RetentionDays = days })).PruneAsync(batch, Now, None);

    [Fact]
    public async Task An_untouched_chain_is_whole()
    {
        await WriteAsync(5);

        var verdict = await VerifyAsync();

        Assert.Equal((5, 0, 5, null), (verdict.Lines, verdict.Unchained, verdict.Head!.Id, verdict.BrokenAt));
    }

    [Theory]
    [InlineData("UPDATE audit_events SET detail = 'other' WHERE id = 3", 3), InlineData("UPDATE audit_events SET at = at + 1 WHERE id = 3", 3), InlineData("UPDATE audit_events SET actor = NULL WHERE id = 3", 3)]
    [InlineData("UPDATE audit_events SET client_id = 'subject', subject = 'web' WHERE id = 3", 3)]
    [InlineData("DELETE FROM audit_events WHERE id = 3", 4), InlineData("UPDATE audit_events SET hash = NULL WHERE id = 3", 3), InlineData("DELETE FROM audit_events WHERE id = 1", 2)]
    public async Task A_line_that_was_touched_breaks_it(string tampering, long brokenAt)
    {
        await WriteAsync(5);
        await Database.ExecuteAsync(tampering);

        Assert.Equal(brokenAt, (await VerifyAsync()).BrokenAt);
    }

    [Fact]
    public async Task Whoever_has_the_database_but_not_the_key_cannot_chain_a_line_of_their_own()
    {
        await WriteAsync(2);
        await new SqlAuditStore(Database.Sql, new AuditChain([1, 2, 3])).AppendAsync([(Now, new AuditEvent(AuditKind.SignedIn))], None);

        Assert.Equal(3, (await VerifyAsync()).BrokenAt);
    }

    [Fact]
    public async Task Two_nodes_that_write_at_the_same_time_make_one_chain()
    {
        await using var other = Database.NewNode();
        var stores = new[] { Database.Get<IAuditStore>(), other.GetRequiredService<IAuditStore>() };

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => stores[i % 2].AppendAsync([(Now, new AuditEvent(AuditKind.SignedIn, Detail: $"{i}"))], None))));

        var verdict = await VerifyAsync();
        Assert.Equal((60, null), (verdict.Lines, verdict.BrokenAt));
        Assert.Equal(60, (await Database.Get<IAuditReader>().FiguresAsync(Now.AddHours(-1), None)).Single(f => f.Name == AuditFigures.SignIns).Value);
    }

    [Fact]
    public async Task The_retention_takes_the_oldest_and_leaves_a_chain_that_can_be_verified()
    {
        await WriteAsync(7, age: TimeSpan.FromDays(11));
        await WriteAsync(3, age: TimeSpan.FromDays(9));

        Assert.Equal(7, await PruneAsync(days: 10, batch: 3));

        var verdict = await VerifyAsync();
        Assert.Equal((3, 10, null), (verdict.Lines, verdict.Head!.Id, verdict.BrokenAt));
        Assert.Equal(1, await Database.CountAsync("audit_anchors"));
        await Database.ExecuteAsync("DELETE FROM audit_events WHERE id = 8");
        Assert.Equal(9, (await VerifyAsync()).BrokenAt);
    }

    [Fact]
    public async Task The_chain_goes_on_where_everything_was_taken()
    {
        await WriteAsync(4, age: TimeSpan.FromDays(11));
        await PruneAsync(days: 10, batch: 100);
        await using var restarted = Database.NewNode();

        await restarted.GetRequiredService<IAuditStore>().AppendAsync([(Now, new AuditEvent(AuditKind.SignedIn))], None);

        var verdict = await VerifyAsync();
        Assert.Equal((1, 5, null), (verdict.Lines, verdict.Head!.Id, verdict.BrokenAt));
    }

    [Fact]
    public async Task Without_a_retention_nothing_goes()
    {
        await WriteAsync(4, age: TimeSpan.FromDays(10_000));

        Assert.Equal(0, await PruneAsync(days: 0, batch: 100));
        Assert.Equal(4, await Database.CountAsync("audit_events"));
    }
}
