using System.Globalization;
using AuthServer.Engine.RateLimits;
using AuthServer.Storage;
using AuthServer.Storage.Sql;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.RateLimits;

/// <summary>Nodes share limits, and neither the database nor the memory pays for it by the request.</summary>
public sealed class SharedLimitTests : IAsyncLifetime
{
    private static readonly RateRule Rule = new("test", 100, TimeSpan.FromHours(1));

    private readonly string _home = Directory.CreateTempSubdirectory("authserver").FullName;
    private string _database = "";
    private TestServer _one = null!;
    private TestServer _two = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgreSqlCluster.CreateDatabaseAsync();
        var settings = new TestServerSettings { Provider = TestStorage.PostgreSql, ConnectionString = _database, Home = _home, Settings = { ["RateLimits:MaximumCounters"] = "5000" } };
        (_one, _two) = (await TestServer.StartAsync(settings), await TestServer.StartAsync(settings));
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await PostgreSqlCluster.DropDatabaseAsync(_database);
        Directory.Delete(_home, recursive: true);
    }

    private static RateLimiter Limiter(TestServer node) => node.Services.GetRequiredService<RateLimiter>();

    private static Task ShareAsync(TestServer node) => node.Services.GetRequiredService<RateSharing>().ShareAsync(all: false, CancellationToken.None);

    private static int Spend(TestServer node, int times, string subject = "key", RateRule? rule = null) => Enumerable.Range(0, times).Count(_ => Limiter(node).Spend(rule ?? Rule, subject).Allowed);

    private async Task<int> SumAsync() =>
        (await _one.Services.GetRequiredService<SqlDatabase>().ListAsync("SELECT spent FROM rate_counters WHERE bucket = 'test:key'", static row => (int)row.GetInt64(0), CancellationToken.None)).Sum();

    /// <summary>What a node's timer started runs on another thread.</summary>
    private async Task UntilWrittenAsync(int sum)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await SumAsync() != sum) patience.Token.ThrowIfCancellationRequested();
    }

    [Fact]
    public async Task Two_nodes_let_pass_together_what_one_would()
    {
        Assert.Equal(60, Spend(_one, 60));
        await ShareAsync(_one);
        Assert.Equal(20, Spend(_two, 20));
        await ShareAsync(_two);

        // The second one knows of the first one's sixty, the first one not yet of the twenty.
        Assert.Equal(20, Spend(_two, 50));
        await ShareAsync(_two);
        Assert.Equal(2, Spend(_one, 2));
        await ShareAsync(_one);

        Assert.Equal(0, Spend(_one, 10));
        Assert.Equal(0, Spend(_two, 10));
        Assert.Equal(102, await SumAsync());
    }

    [Fact]
    public async Task The_clock_alone_makes_them_share()
    {
        Spend(_one, 100);
        _one.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilWrittenAsync(100);
        // A node hears of the others when it has something to say itself.
        Spend(_two, 2);
        _two.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilWrittenAsync(102);
        await ShareAsync(_two);

        Assert.Equal(0, Spend(_two, 1));
    }

    [Fact]
    public async Task The_next_window_begins_at_nothing_and_the_old_one_is_deleted()
    {
        Spend(_one, 100);
        await ShareAsync(_one);
        Assert.Equal(0, Spend(_one, 1));

        foreach (var node in new[] { _one, _two }) node.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(100, Spend(_one, 200));
        await ShareAsync(_one);
        var sql = _one.Services.GetRequiredService<SqlDatabase>();
        Task<IReadOnlyList<string>> RowsAsync() => sql.ListAsync("SELECT bucket FROM rate_counters", static row => row.GetString(0), CancellationToken.None);
        Assert.Equal(2, (await RowsAsync()).Count);
        await _one.Services.GetRequiredService<ExpiredRows>().PruneAsync(1_000, _one.Clock.GetUtcNow().AddMinutes(2), CancellationToken.None);
        Assert.Single(await RowsAsync());
    }

    [Theory]
    [InlineData(100), InlineData(50_000)]
    public async Task The_commands_do_not_grow_with_the_requests(int requests)
    {
        var wide = Rule with { Limit = 10_000_000 };
        var texts = _one.Services.GetRequiredService<CommandCounter>().Texts = new();

        for (var i = 0; i < requests; i++) Limiter(_one).Spend(wide, (i % 50).ToString(CultureInfo.InvariantCulture));
        await _one.Services.GetRequiredService<RateSharing>().ShareAsync(all: true, CancellationToken.None);

        Assert.Single(texts, static t => t.Contains("rate_counters", StringComparison.Ordinal));
        texts.Clear();
        await _one.Services.GetRequiredService<RateSharing>().ShareAsync(all: true, CancellationToken.None);
        Assert.Empty(texts);
    }

    [Fact]
    public async Task A_flood_of_addresses_stays_within_its_bound_and_leaves_whoever_is_counted_counted()
    {
        Spend(_one, 100);
        Assert.Equal(0, Spend(_one, 1));

        var passed = Enumerable.Range(0, 100_000).Count(i => Limiter(_one).Spend(Rule, $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}").Allowed);

        Assert.Equal(100_000, passed);
        Assert.InRange(Limiter(_one).Count, 1, 5_000);
        Assert.Equal(0, Spend(_one, 1));
        // Who came once is not worth a row.
        await ShareAsync(_one);
        Assert.Single(await _one.Services.GetRequiredService<SqlDatabase>().ListAsync("SELECT bucket FROM rate_counters", static row => row.GetString(0), CancellationToken.None));
    }

    [Fact]
    public async Task While_the_database_is_away_each_node_counts_for_itself_and_nothing_is_lost()
    {
        var store = new FailingStore();
        var sharing = ActivatorUtilities.CreateInstance<RateSharing>(_one.Services, store);
        Spend(_one, 60);

        await sharing.ShareAsync(all: false, CancellationToken.None);
        Assert.Equal(40, Spend(_one, 60));
        Assert.Equal(1, store.Asked);
        await ShareAsync(_one);

        Assert.Equal(100, await SumAsync());
    }

    private sealed class FailingStore : IRateStore
    {
        public int Asked { get; private set; }

        public Task<IReadOnlyDictionary<string, long>> AddAsync(DateTimeOffset windowStart, DateTimeOffset expiresAt, IReadOnlyDictionary<string, long> spent, CancellationToken ct)
        {
            Asked++;
            throw new TimeoutException("away");
        }
    }
}
