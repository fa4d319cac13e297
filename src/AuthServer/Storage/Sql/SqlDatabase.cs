using System.Data.Common;

namespace AuthServer.Storage.Sql;

/// <summary>Runs constant SQL with parameters: the way of everything for which a machine waits. Knows no table.</summary>
internal abstract class SqlDatabase
{
    /// <summary>The first row, or null.</summary>
    public abstract Task<T?> FindAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken ct, params (string Name, object? Value)[] parameters) where T : class;

    public abstract Task<IReadOnlyList<T>> ListAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken ct, params (string Name, object? Value)[] parameters);

    /// <summary>One statement that writes. Answers how many rows it changed.</summary>
    public abstract Task<int> ExecuteAsync(string sql, CancellationToken ct, params (string Name, object? Value)[] parameters);

    /// <summary>A statement that writes and answers a row (<c>RETURNING</c>).</summary>
    public abstract Task<T?> WriteAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken ct, params (string Name, object? Value)[] parameters) where T : class;

    /// <summary>Several statements as one: all or nothing. Answers the rows that each of them changed.</summary>
    public abstract Task<int[]> TransactAsync(IReadOnlyList<Statement> statements, CancellationToken ct);

    protected static void Bind(DbCommand command, (string Name, object? Value)[] parameters)
    {
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
    }
}

internal readonly record struct Statement(string Sql, params (string Name, object? Value)[] Parameters);
