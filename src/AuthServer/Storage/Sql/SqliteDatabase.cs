using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace AuthServer.Storage.Sql;

/// <summary>
/// SQLite: connections that stay open and keep their statements prepared. Writers queue at <see cref="SqliteWriter"/>, so that "database is locked" stays between us and
/// other processes; readers never wait (WAL).
/// </summary>
internal sealed class SqliteDatabase : SqlDatabase, IDisposable
{
    private readonly CommandCounter _counter;
    private readonly ConcurrentBag<SqliteLine> _readers = [];
    private readonly SqliteWriter _writer;
    private readonly string _connectionString;

    public SqliteDatabase(string connectionString, CommandCounter counter)
    {
        _counter = counter;
        // No pool below this one: a connection that was given up is closed, which also rolls back whatever it had begun.
        _connectionString = new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString();
        _writer = new SqliteWriter(Open);
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

    public override Task<int> ExecuteAsync(string sql, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        _counter.Count(sql);
        return _writer.RunAsync(line => line.Command(sql, parameters).ExecuteNonQuery(), several: false, ct);
    }

    public override Task<T?> WriteAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken ct, params (string Name, object? Value)[] parameters) where T : class
    {
        _counter.Count(sql);
        return _writer.RunAsync(line =>
        {
            using var reader = line.Command(sql, parameters).ExecuteReader();
            return reader.Read() ? read(reader) : null;
        }, several: false, ct);
    }

    public override Task<int[]> TransactAsync(IReadOnlyList<Statement> statements, CancellationToken ct)
    {
        foreach (var statement in statements) _counter.Count(statement.Sql);
        return _writer.RunAsync(line =>
        {
            var changed = new int[statements.Count];
            for (var i = 0; i < changed.Length; i++) changed[i] = line.Command(statements[i].Sql, statements[i].Parameters).ExecuteNonQuery();
            return changed;
        }, several: true, ct);
    }

    private T Read<T>(string sql, (string Name, object? Value)[] parameters, Func<DbDataReader, T> read)
    {
        _counter.Count(sql);
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

    private SqliteLine Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        SqlitePragmas.Run(connection);
        return new SqliteLine(connection);
    }

    public void Dispose()
    {
        while (_readers.TryTake(out var line)) line.Dispose();
        _writer.Dispose();
    }
}
