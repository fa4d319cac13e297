using System.Security.Cryptography;

namespace AuthServer.Storage.Sql;

/// <summary>Creates that were done under an Idempotency-Key: what each made can be found again for a day. No answer is kept, so no secret is either.</summary>
internal sealed class SqlIdempotencyKeys(SqlDatabase database, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>A node that fell over in the middle does not hold the key for longer.</summary>
    private static readonly TimeSpan LongestWork = TimeSpan.FromMinutes(1);

    // Taken anew where the old one has expired, or its work was never finished.
    private const string TakeSql = """
        INSERT INTO idempotency_keys (key_hash, request_hash, location, created_at, expires_at) VALUES (@key, @request, NULL, @now, @expires)
        ON CONFLICT (key_hash) DO UPDATE SET request_hash = excluded.request_hash, location = NULL, created_at = excluded.created_at, expires_at = excluded.expires_at
        WHERE idempotency_keys.expires_at <= @now OR (idempotency_keys.location IS NULL AND idempotency_keys.created_at <= @abandoned)
        """;

    private const string FindSql = "SELECT request_hash, location FROM idempotency_keys WHERE key_hash = @key";
    private const string FinishSql = "UPDATE idempotency_keys SET location = @location WHERE key_hash = @key AND request_hash = @request";
    private const string ForgetSql = "DELETE FROM idempotency_keys WHERE key_hash = @key AND request_hash = @request AND location IS NULL";

    /// <summary>True for the one that shall do the work.</summary>
    public async Task<bool> TryTakeAsync(byte[] key, byte[] request, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await database.ExecuteAsync(TakeSql, ct, ("key", key), ("request", request), ("now", now.Ms()), ("expires", (now + Kept).Ms()), ("abandoned", (now - LongestWork).Ms())) == 1;
    }

    /// <summary>Whether it was the same request, and what it made; no location while it is still at work. Null where the key is free by now.</summary>
    public async Task<EarlierCreate?> FindAsync(byte[] key, byte[] request, CancellationToken ct) => await database.FindAsync(FindSql,
        row => new EarlierCreate(CryptographicOperations.FixedTimeEquals((byte[])row.GetValue(0), request), row.IsDBNull(1) ? null : row.GetString(1)), ct, ("key", key));

    public Task FinishAsync(byte[] key, byte[] request, string location, CancellationToken ct) => database.ExecuteAsync(FinishSql, ct, ("key", key), ("request", request), ("location", location));

    /// <summary>Nothing was made: the key may be used again.</summary>
    public Task ForgetAsync(byte[] key, byte[] request, CancellationToken ct) => database.ExecuteAsync(ForgetSql, ct, ("key", key), ("request", request));
}

internal sealed record EarlierCreate(bool SameRequest, string? Location);
