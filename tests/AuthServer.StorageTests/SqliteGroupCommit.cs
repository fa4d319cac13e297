using AuthServer.Storage;
using AuthServer.Storage.Sql;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Writes that wait for the same writer share a commit and nothing else.</summary>
public sealed class SqliteGroupCommit : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("group").FullName;
    private readonly SqliteDatabase _database;

    public SqliteGroupCommit()
    {
        var connectionString = "Data Source=" + Path.Combine(_folder, "group.db");
        using (var connection = new SqliteConnection(connectionString + ";Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL; CREATE TABLE line (id INTEGER PRIMARY KEY)";
            command.ExecuteNonQuery();
        }

        _database = new SqliteDatabase(connectionString, new CommandCounter());
    }

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_write_that_fails_among_others_fails_alone()
    {
        await AddAsync(1);

        Task<int>[] writes = [];
        await WhileTheWriterIsBusyAsync(() => writes = [AddAsync(2), AddAsync(1), AddAsync(3)]);

        Assert.Equal(1, await writes[0]);
        await Assert.ThrowsAsync<SqliteException>(() => writes[1]);
        Assert.Equal(1, await writes[2]);
        Assert.Equal([1, 2, 3, 1000], await LinesAsync());
    }

    [Fact]
    public async Task A_transaction_that_fails_among_others_leaves_nothing_behind()
    {
        await AddAsync(1);

        Task<int>? single = null;
        Task<int[]>? transaction = null;
        await WhileTheWriterIsBusyAsync(() =>
        {
            single = AddAsync(2);
            transaction = _database.TransactAsync([Add(3), Add(1)], CancellationToken.None);
        });

        Assert.Equal(1, await single!);
        await Assert.ThrowsAsync<SqliteException>(() => transaction!);
        Assert.Equal([1, 2, 1000], await LinesAsync());
    }

    [Fact]
    public async Task A_write_that_was_given_up_while_it_waited_is_not_done()
    {
        using var stop = new CancellationTokenSource();
        Task<int>? given = null;
        await WhileTheWriterIsBusyAsync(() =>
        {
            given = _database.ExecuteAsync(AddSql, stop.Token, ("id", 5));
            stop.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given!);
        Assert.Equal([1000], await LinesAsync());
    }

    [Fact]
    public async Task Fifty_writes_that_waited_cost_the_log_of_one()
    {
        var log = new FileInfo(Path.Combine(_folder, "group.db-wal"));
        Task<int>[] writes = [];
        await WhileTheWriterIsBusyAsync(() => writes = [.. Enumerable.Range(1, 50).Select(AddAsync)]);
        await Task.WhenAll(writes);

        log.Refresh();
        // Each commit appends at least the one page of the table: 4,096 bytes and a header. Apart there would be more than fifty.
        Assert.InRange(log.Length, 1, 10 * 4_200);
        Assert.Equal(51, (await LinesAsync()).Count);
    }

    private const string AddSql = "INSERT INTO line (id) VALUES (@id)";

    private static Statement Add(int id) => new(AddSql, ("id", id));

    private Task<int> AddAsync(int id) => _database.ExecuteAsync(AddSql, CancellationToken.None, ("id", id));

    /// <summary>Holds the writer in a write of its own (line 1000) until everything in <paramref name="queue"/> waits behind it.</summary>
    private async Task WhileTheWriterIsBusyAsync(Action queue)
    {
        using var release = new ManualResetEventSlim();
        var holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var busy = Task.Run(() => _database.WriteAsync("INSERT INTO line (id) VALUES (1000) RETURNING id", row =>
        {
            holding.SetResult();
            release.Wait();
            return row.GetInt64(0).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }, CancellationToken.None));
        await holding.Task;
        queue();
        release.Set();
        await busy;
    }

    private Task<IReadOnlyList<long>> LinesAsync() => _database.ListAsync("SELECT id FROM line ORDER BY id", static row => row.GetInt64(0), CancellationToken.None);
}
