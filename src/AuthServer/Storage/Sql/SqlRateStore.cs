using System.Text.Json;
using AuthServer.Engine.RateLimits;

namespace AuthServer.Storage.Sql;

/// <summary>Counters of all nodes; see <see cref="IRateStore"/>.</summary>
internal sealed class SqlRateStore(SqlDatabase database) : IRateStore
{
    // In one order, so that two nodes do not wait for each other in a circle. The counters come as one JSON object: the statement is the same for one and for thousands.
    private const string AddSql = """
        INSERT INTO rate_counters (bucket, window_start, spent, expires_at)
        SELECT j.key, CAST(@start AS BIGINT), CAST(CAST(j.value AS TEXT) AS BIGINT), CAST(@expires AS BIGINT) FROM json_each(json(CAST(@spent AS TEXT))) AS j WHERE TRUE ORDER BY j.key
        ON CONFLICT (bucket, window_start) DO UPDATE SET spent = rate_counters.spent + excluded.spent
        RETURNING bucket, spent
        """;

    public async Task<IReadOnlyDictionary<string, long>> AddAsync(DateTimeOffset windowStart, DateTimeOffset expiresAt, IReadOnlyDictionary<string, long> spent, CancellationToken ct) =>
        await database.WriteAsync(AddSql, static row =>
        {
            var totals = new Dictionary<string, long>(StringComparer.Ordinal);
            do totals[row.GetString(0)] = row.GetInt64(1);
            while (row.Read());
            return totals;
        }, ct, ("start", windowStart.Ms()), ("expires", expiresAt.Ms()), ("spent", JsonSerializer.Serialize(spent, StorageJson.Default.IReadOnlyDictionaryStringInt64))) ?? [];
}
