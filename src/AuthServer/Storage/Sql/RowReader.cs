using System.Data.Common;

namespace AuthServer.Storage.Sql;

/// <summary>Reads the portable column types: times as Unix milliseconds, hashes as bytes.</summary>
internal static class RowReader
{
    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[] Bytes(this DbDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static byte[]? BytesOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    public static DateTimeOffset Time(this DbDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);

    /// <summary>For parameters.</summary>
    public static object Ms(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static object? Ms(this DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();
}
