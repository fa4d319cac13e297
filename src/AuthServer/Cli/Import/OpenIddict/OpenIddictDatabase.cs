using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AuthServer.Cli.Import.OpenIddict;

/// <summary>Reads two tables of a database of OpenIddict (Entity Framework Core stores, versions 3 to 7), on SQLite or PostgreSQL; whatever way their columns are spelt.</summary>
internal static class OpenIddictDatabase
{
    /// <param name="connection">A connection string, or the path of a SQLite file.</param>
    public static async Task<(IReadOnlyList<OpenIddictRow> Applications, IReadOnlyList<OpenIddictRow> Scopes)> ReadAsync(string connection, CancellationToken ct)
    {
        try
        {
            await using var database = Open(connection);
            await database.OpenAsync(ct);
            return (await RowsAsync(database, "SELECT * FROM \"OpenIddictApplications\"", ct), await RowsAsync(database, "SELECT * FROM \"OpenIddictScopes\"", ct));
        }
        catch (Exception fault) when (fault is DbException or ArgumentException)
        {
            // A message of the driver may repeat parts of the connection string.
            throw new CommandException("The database cannot be read: it needs the tables OpenIddictApplications and OpenIddictScopes, and CONNECTION must be a connection string of SQLite or PostgreSQL, or the path of a SQLite file."
                + (fault is DbException { SqlState: { } state } ? $" (SQLSTATE {state})" : ""));
        }
    }

    private static DbConnection Open(string connection)
    {
        if (!connection.Contains('=', StringComparison.Ordinal)) connection = new SqliteConnectionStringBuilder { DataSource = connection }.ToString();
        return connection.Contains("Data Source", StringComparison.OrdinalIgnoreCase) || connection.Contains("DataSource", StringComparison.OrdinalIgnoreCase) || connection.Contains("Filename", StringComparison.OrdinalIgnoreCase)
            ? new SqliteConnection(new SqliteConnectionStringBuilder(connection) { Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString())
            : new NpgsqlConnection(connection);
    }

    private static async Task<IReadOnlyList<OpenIddictRow>> RowsAsync(DbConnection database, string sql, CancellationToken ct)
    {
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<OpenIddictRow>();
        while (await reader.ReadAsync(ct))
        {
            var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < reader.FieldCount; i++)
                if (!await reader.IsDBNullAsync(i, ct)) values[reader.GetName(i).Replace("_", "", StringComparison.Ordinal)] = reader.GetValue(i).ToString()!;
            rows.Add(new OpenIddictRow(values));
        }

        return rows;
    }
}
