using System.Data.Common;
using Npgsql;

namespace AuthServer.Storage.Sql;

/// <summary>PostgreSQL: pooled connections; the driver prepares what comes often.</summary>
internal sealed class PostgreSqlDatabase(NpgsqlDataSource source, CommandCounter counter) : SqlDatabase
{
    public override async Task<T?> FindAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken ct, params (string Name, object? Value)[] parameters) where T : class
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? read(reader) : null;
    }

    public override async Task<IReadOnlyList<T>> ListAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(read(reader));
        return rows;
    }

    public override async Task<int> ExecuteAsync(string sql, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public override Task<T?> WriteAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken ct, params (string Name, object? Value)[] parameters) where T : class =>
        FindAsync(sql, read, ct, parameters);

    public override async Task<int[]> TransactAsync(IReadOnlyList<Statement> statements, CancellationToken ct)
    {
        // A batch is one round trip and one implicit transaction.
        await using var batch = source.CreateBatch();
        foreach (var (sql, parameters) in statements)
        {
            counter.Count(sql);
            var command = new NpgsqlBatchCommand(sql);
            foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(ct);
        return [.. batch.BatchCommands.Cast<NpgsqlBatchCommand>().Select(static c => c.RecordsAffected)];
    }

    private NpgsqlCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        counter.Count(sql);
        var command = source.CreateCommand(sql);
        Bind(command, parameters);
        return command;
    }
}
