using AuthServer.Storage.Sql;

namespace AuthServer.Storage;

/// <summary>Deletes what nobody can use any more, a few rows at a time so that no writer waits long.</summary>
/// <remarks>
/// A used code, of a browser or of a device, stays ten minutes past its end: until then a second use is recognised and costs the first one its tokens. Grants stay a day past their end or their
/// revocation, so that a refused refresh token can be explained; tokens that name a grant which is gone are refused as well. Sessions stay thirty days past their end
/// for the list of recent sign-ins, API keys as long for the list of keys. The audit trail has its own retention.
/// </remarks>
internal sealed class ExpiredRows(SqlDatabase database)
{
    private const string CodesSql = "DELETE FROM authorization_codes WHERE hash IN (SELECT hash FROM authorization_codes WHERE expires_at < @before LIMIT @batch)";
    private const string DeviceCodesSql = "DELETE FROM device_codes WHERE hash IN (SELECT hash FROM device_codes WHERE expires_at < @before LIMIT @batch)";
    private const string ReferenceTokensSql = "DELETE FROM reference_tokens WHERE hash IN (SELECT hash FROM reference_tokens WHERE expires_at < @before LIMIT @batch)";
    private const string RevokedAccessTokensSql = "DELETE FROM revoked_access_tokens WHERE token_id IN (SELECT token_id FROM revoked_access_tokens WHERE expires_at < @before LIMIT @batch)";
    private const string ReplayedSql = "DELETE FROM replayed WHERE (purpose, hash) IN (SELECT purpose, hash FROM replayed WHERE expires_at < @before LIMIT @batch)";
    private const string PendingSql = "DELETE FROM pending_authorizations WHERE hash IN (SELECT hash FROM pending_authorizations WHERE expires_at < @before LIMIT @batch)";
    private const string PushedSql = "DELETE FROM pushed_requests WHERE hash IN (SELECT hash FROM pushed_requests WHERE expires_at < @before LIMIT @batch)";
    private const string GrantsSql = "DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE expires_at < @before LIMIT @batch)";
    private const string RevokedGrantsSql = "DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE revoked_at < @before LIMIT @batch)";
    private const string SessionsSql = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < @before LIMIT @batch)";
    private const string EndedSessionsSql = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ended_at < @before LIMIT @batch)";
    private const string FailuresSql = "DELETE FROM sign_in_failures WHERE (account_key, source_key) IN (SELECT account_key, source_key FROM sign_in_failures WHERE last_at < @before LIMIT @batch)";
    private const string SetupCodesSql = "DELETE FROM setup_codes WHERE hash IN (SELECT hash FROM setup_codes WHERE expires_at < @before LIMIT @batch)";
    private const string TicketsSql = "DELETE FROM tickets WHERE (purpose, hash) IN (SELECT purpose, hash FROM tickets WHERE expires_at < @before LIMIT @batch)";
    private const string DevicesSql = "DELETE FROM devices WHERE (user_id, hash) IN (SELECT user_id, hash FROM devices WHERE expires_at < @before LIMIT @batch)";
    private const string IdempotencyKeysSql = "DELETE FROM idempotency_keys WHERE key_hash IN (SELECT key_hash FROM idempotency_keys WHERE expires_at < @before LIMIT @batch)";
    private const string ApiKeysSql = "DELETE FROM api_keys WHERE id IN (SELECT id FROM api_keys WHERE expires_at < @before LIMIT @batch)";
    private const string RevokedApiKeysSql = "DELETE FROM api_keys WHERE id IN (SELECT id FROM api_keys WHERE revoked_at < @before LIMIT @batch)";
    private const string RateCountersSql = "DELETE FROM rate_counters WHERE (bucket, window_start) IN (SELECT bucket, window_start FROM rate_counters WHERE expires_at < @before LIMIT @batch)";

    private static readonly (string Sql, TimeSpan Grace)[] Kinds =
    [
        (CodesSql, TimeSpan.FromMinutes(10)), (DeviceCodesSql, TimeSpan.FromMinutes(10)), (ReferenceTokensSql, TimeSpan.Zero), (RevokedAccessTokensSql, TimeSpan.FromMinutes(1)), (ReplayedSql, TimeSpan.FromMinutes(1)),
        (PendingSql, TimeSpan.Zero), (PushedSql, TimeSpan.Zero), (GrantsSql, TimeSpan.FromDays(1)), (RevokedGrantsSql, TimeSpan.FromDays(1)),
        (SessionsSql, TimeSpan.FromDays(30)), (EndedSessionsSql, TimeSpan.FromDays(30)), (FailuresSql, TimeSpan.FromDays(1)), (SetupCodesSql, TimeSpan.FromDays(1)),
        (TicketsSql, TimeSpan.Zero), (DevicesSql, TimeSpan.Zero), (IdempotencyKeysSql, TimeSpan.Zero),
        (ApiKeysSql, TimeSpan.FromDays(30)), (RevokedApiKeysSql, TimeSpan.FromDays(30)), (RateCountersSql, TimeSpan.FromMinutes(1)),
    ];

    /// <summary>Answers how many rows went.</summary>
    public async Task<int> PruneAsync(int batchSize, DateTimeOffset now, CancellationToken ct)
    {
        var total = 0;
        foreach (var (sql, grace) in Kinds)
        {
            int gone;
            do
            {
                gone = await database.ExecuteAsync(sql, ct, ("before", (now - grace).Ms()), ("batch", batchSize));
                total += gone;
            }
            while (gone == batchSize);
        }

        return total;
    }
}
