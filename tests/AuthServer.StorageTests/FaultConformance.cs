using AuthServer.Engine.Accounts;
using AuthServer.Engine.Tokens;
using AuthServer.Storage;
using AuthServer.Storage.Sql;
using AuthServer.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>What the stores do when the database is away, busy or says no.</summary>
public abstract class FaultConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : FaultConformance(TestStorage.Sqlite)
    {
        [Fact]
        public async Task A_file_that_is_no_database_counts_as_away()
        {
            await using var database = await TestDatabase.CreateEmptyAsync(TestStorage.Sqlite);
            await File.WriteAllTextAsync(new SqliteConnectionStringBuilder(database.ConnectionString).DataSource, new string('x', 8192));

            Assert.True(StorageFault.IsIn(await Record.ExceptionAsync(() => database.Get<ITokenStore>().FindGrantAsync("id", "token", None))));
        }

        [Fact]
        public async Task A_disk_that_is_full_counts_as_away_and_leaves_nothing_half_done()
        {
            await Database.ExecuteAsync($"PRAGMA max_page_count = {await Database.NumberAsync("PRAGMA page_count")}");
            // Holds the limit for this connection, the writer; a code too long for the free pages follows its grant.
            var grant = Database.NewGrant();
            var fault = await Record.ExceptionAsync(() => Database.Get<ITokenStore>().AddGrantAsync(grant, Database.NewCode(grant) with { Nonce = new string('x', 1_000_000) }, None));

            Assert.True(StorageFault.IsIn(fault), fault?.ToString());
            Assert.Equal(0, await Database.CountAsync("grants"));
            await Database.AddGrantAsync();
        }

        [Fact]
        public async Task A_writer_waits_for_another_process()
        {
            var grant = await Database.AddGrantAsync();
            await using var other = new SqliteConnection(Database.ConnectionString);
            await other.OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();
            var counter = Database.Get<CommandCounter>();
            var before = counter.Total;

            var write = Task.Run(() => Database.Get<ITokenStore>().RevokeGrantAsync(grant.Id, Now, None));
            Assert.True(SpinWait.SpinUntil(() => counter.Total > before, TimeSpan.FromSeconds(30)));
            await transaction.CommitAsync();

            await write;
            Assert.NotNull((await Database.Get<ITokenStore>().FindGrantAsync(grant.Id, "token", None))!.Grant.RevokedAt);
        }
    }

    public sealed class OnPostgreSql() : FaultConformance(TestStorage.PostgreSql)
    {
        [Fact]
        public async Task A_server_that_is_not_there_counts_as_away()
        {
            await using var node = Database.NewNode($"Host=127.0.0.1;Port={PostgreSqlCluster.FreePort()};Database=none;Username=nobody;Timeout=5");

            Assert.True(StorageFault.IsIn(await Record.ExceptionAsync(() => node.GetRequiredService<ITokenStore>().FindGrantAsync("id", "token", None))));
        }

        [Fact]
        public async Task Connections_that_the_server_closed_are_replaced()
        {
            await using var node = Database.NewNode(Database.ConnectionString + ";Maximum Pool Size=1");
            var store = node.GetRequiredService<ITokenStore>();
            await store.FindGrantAsync("id", "token", None);
            await Database.Sql.ListAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", static row => row.GetBoolean(0), None);

            var fault = await Record.ExceptionAsync(() => store.FindGrantAsync("id", "token", None));

            Assert.True(fault is null || StorageFault.IsIn(fault), fault?.ToString());
            Assert.Null(await store.FindGrantAsync("id", "token", None));
        }
    }

    [Fact]
    public async Task A_row_that_the_schema_refuses_is_a_fault_of_the_program_and_not_of_the_database()
    {
        var grant = await Database.AddGrantAsync();

        var fault = await Record.ExceptionAsync(() => Database.Get<ITokenStore>().AddGrantAsync(grant, null, None));

        Assert.NotNull(fault);
        Assert.False(StorageFault.IsIn(fault));
        // The next write finds a good connection.
        await Database.AddGrantAsync();
    }

    [Fact]
    public async Task A_transaction_that_fails_leaves_nothing_behind()
    {
        var grant = await Database.AddGrantAsync();
        Statement good = new("UPDATE grants SET client_id = 'changed' WHERE id = @id", ("id", grant.Id));

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Database.Sql.TransactAsync([good, new Statement("UPDATE grants SET id = NULL WHERE id = @id", ("id", grant.Id))], None));

        Assert.Equal("web", (await Database.Get<ITokenStore>().FindGrantAsync(grant.Id, "token", None))!.Grant.ClientId);
        Assert.Equal(1, Assert.Single(await Database.Sql.TransactAsync([good], None)));
        Assert.Equal("changed", (await Database.Get<ITokenStore>().FindGrantAsync(grant.Id, "token", None))!.Grant.ClientId);
    }

    [Fact]
    public async Task Administration_and_the_hot_path_write_at_the_same_time()
    {
        var user = await Database.AddUserAsync();
        var grant = await Database.AddGrantAsync(user);

        await Task.WhenAll(
            Database.CrowdAsync<ISignInFailureStore, SignInFailures>(store => store.AddAsync("alice", "10.0.0.1", Now, Now.AddDays(-1), None)),
            Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Database.WithDbAsync(db => db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount + 1)))))),
            Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => Database.Get<ITokenStore>().FindGrantAsync(grant.Id, "token", None)))));

        Assert.Equal(50, await Database.NumberAsync("SELECT access_failed_count FROM users"));
        Assert.Equal(TestDatabase.Crowd, await Database.NumberAsync("SELECT failures FROM sign_in_failures"));
    }

    [Fact]
    public async Task A_caller_who_gave_up_writes_nothing()
    {
        var grant = await Database.AddGrantAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Database.Get<ITokenStore>().RevokeGrantAsync(grant.Id, Now, new CancellationToken(canceled: true)));

        Assert.Null((await Database.Get<ITokenStore>().FindGrantAsync(grant.Id, "token", None))!.Grant.RevokedAt);
    }

    [Fact]
    public async Task Every_command_is_counted_whoever_sends_it()
    {
        var counter = Database.Get<CommandCounter>();
        counter.Texts = new();

        await Database.Get<ITokenStore>().IsAccessTokenRevokedAsync("one", None);
        await Database.Get<ITokenStore>().RevokeAccessTokenAsync("one", Now, None);
        await Database.WithDbAsync(db => db.Users.CountAsync());

        Assert.Equal(3, counter.Texts.Count);
        Assert.Contains("revoked_access_tokens", counter.Texts.First(), StringComparison.Ordinal);
        Assert.Contains("users", counter.Texts.Last(), StringComparison.Ordinal);
    }
}
