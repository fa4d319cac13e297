using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AuthServer.Storage;

/// <summary>Tells faults of the database that pass (it is away, full, busy) from faults of this program.</summary>
public static class StorageFault
{
    // Primary result codes: PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB.
    private static readonly int[] SqliteCodes = [3, 5, 6, 7, 8, 10, 11, 13, 14, 26];

    public static bool IsIn(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            if (fault is SqliteException sqlite) return SqliteCodes.Contains(sqlite.SqliteErrorCode);
            if (fault is PostgresException postgres) return postgres.IsTransient || postgres.SqlState.StartsWith("57", StringComparison.Ordinal) || postgres.SqlState.StartsWith("53", StringComparison.Ordinal) || postgres.SqlState.StartsWith("08", StringComparison.Ordinal) || postgres.SqlState == PostgresErrorCodes.InvalidCatalogName;
            if (fault is NpgsqlException or SocketException) return true;
            if (fault is DbException) return false;
        }

        return false;
    }
}
