using System.Text;
using Microsoft.Data.Sqlite;

namespace AuthServer.Storage;

/// <summary>What PostgreSQL has and the SQLite of today's distributions does not, so that one SQL text serves both.</summary>
internal static class SqliteFunctions
{
    /// <summary><c>string_agg(text, separator)</c>; SQLite has it itself from 3.44 on.</summary>
    public static void Register(SqliteConnection connection) => connection.CreateAggregate(
        "string_agg", (StringBuilder?)null,
        static (StringBuilder? joined, string? text, string separator) => text is null ? joined : joined is null ? new StringBuilder(text) : joined.Append(separator).Append(text),
        static joined => joined?.ToString(), isDeterministic: true);
}
