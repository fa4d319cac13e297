using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace AuthServer.Storage.Sql;

/// <summary>
/// SQLite: connections that stay open and keep their statements prepared. Writers queue here, one at a time, so that "database is locked" stays between us and other
/// processes; readers never wait (WAL).
/// </summary>
internal sealed class SqliteDatabase(string connectionString, CommandCounter counter) : SqlDatabase, IDisposable
{
    // No pool below this one: a connection that was given up is closed, which also rolls back whatever it had begun.
    private readonly string _connectionString = new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentBag<Line> _readers = [];
    private Line? _writer;

    /// <summary>One connection with its prepared statements. Used by one caller at a time.</summary>
    private sealed class Line(SqliteConnection connection) : IDisposable
    {
        private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

        public SqliteConnection Connection => connection;

        public SqliteCommand Command(string sql, (string Name, object? Value)[] parameters)
        {
            if (!_prepared.TryGetValue(sql, out var command))
            {
                command = connection.CreateCommand();
                command.CommandText = sql;
                _prepared[sql] = command;
            }

            command.Parameters.Clear();
            foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            return command;
        }

        public void Dispose()
        {
            foreach (var command in _prepared.Values) command.Dispose();
            connection.Dispose();
        }
    }

    public override Task<T?> FindAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken ct, params (string Name, object? Value)[] parameters) where T : class =>
        Task.FromResult(Read(sql, parameters, reader => reader.Read() ? read(reader) : null));

    public override Task<IReadOnlyList<T>> ListAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken ct, params (string Name, object? Value)[] parameters) =>
        Task.FromResult<IReadOnlyList<T>>(Read(sql, parameters, reader =>
        {
            var rows = new List<T>();
            while (reader.Read()) rows.Add(read(reader));
            return rows;
        }));

    public override Task<int> ExecuteAsync(string sql, CancellationToken ct, params (string Name, object? Value)[] parameters) =>
        WriteAsync(line => line.Command(sql, parameters).ExecuteNonQuery(), ct, sql);

    public override Task<T?> WriteAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken ct, params (string Name, object? Value)[] parameters) where T : class =>
        WriteAsync(line =>
        {
            using var reader = line.Command(sql, parameters).ExecuteReader();
            return reader.Read() ? read(reader) : null;
        }, ct, sql);

    public override Task<int[]> TransactAsync(IReadOnlyList<Statement> statements, CancellationToken ct) => WriteAsync(line =>
    {
        var changed = new int[statements.Count];
        line.Command("BEGIN IMMEDIATE", []).ExecuteNonQuery();
        for (var i = 0; i < changed.Length; i++) changed[i] = line.Command(statements[i].Sql, statements[i].Parameters).ExecuteNonQuery();
        line.Command("COMMIT", []).ExecuteNonQuery();
        return changed;
    }, ct, [.. statements.Select(s => s.Sql)]);

    private T Read<T>(string sql, (string Name, object? Value)[] parameters, Func<DbDataReader, T> read)
    {
        counter.Count(sql);
        if (!_readers.TryTake(out var line)) line = Open();
        try
        {
            T result;
            using (var reader = line.Command(sql, parameters).ExecuteReader()) result = read(reader);
            _readers.Add(line);
            return result;
        }
        catch
        {
            // Whatever state it is in, nobody gets this connection again.
            line.Dispose();
            throw;
        }
    }

    private async Task<T> WriteAsync<T>(Func<Line, T> write, CancellationToken ct, params string[] texts)
    {
        foreach (var text in texts) counter.Count(text);
        await _writing.WaitAsync(ct);
        try
        {
            _writer ??= Open();
            return write(_writer);
        }
        catch
        {
            // Closing is the rollback: a ROLLBACK of its own would hide the fault where the database has rolled back by itself (disk full).
            _writer?.Dispose();
            _writer = null;
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    private Line Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        SqlitePragmas.Run(connection);
        return new Line(connection);
    }

    public void Dispose()
    {
        while (_readers.TryTake(out var line)) line.Dispose();
        _writer?.Dispose();
        _writing.Dispose();
    }
}
