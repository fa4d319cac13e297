using System.Data.Common;
using System.Text.Json;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Tokens;

namespace AuthServer.Storage.Sql;

/// <summary>Device codes; see <see cref="IDeviceCodeStore"/>.</summary>
internal sealed class SqlDeviceCodeStore(SqlDatabase database) : IDeviceCodeStore
{
    /// <summary>Milliseconds by which a poll may come early: what the network takes differs from one to the next.</summary>
    private const long Tolerance = 500;

    private const string AddSql = """
        INSERT INTO device_codes (hash, user_code_hash, client_id, parameters, resources, poll_interval, too_early, address, user_agent, created_at, expires_at)
        VALUES (@hash, @code, @client, @parameters, @resources, @interval, FALSE, @address, @agent, @created, @expires)
        ON CONFLICT (user_code_hash) DO NOTHING
        """;

    public async Task<bool> TryAddAsync(DeviceAuthorization added, CancellationToken ct) => await database.ExecuteAsync(AddSql, ct, ("hash", added.Hash), ("code", added.UserCodeHash), ("client", added.ClientId),
        ("parameters", JsonSerializer.Serialize(added.Parameters, StorageJson.Default.IReadOnlyDictionaryStringString)), ("resources", JsonSerializer.Serialize(added.Resources, StorageJson.Default.IReadOnlyListString)),
        ("interval", added.Interval), ("address", added.Address), ("agent", added.UserAgent), ("created", added.CreatedAt.Ms()), ("expires", added.ExpiresAt.Ms())) == 1;

    private const string Waits = "grant_id IS NULL AND denied_at IS NULL AND expires_at > @now";

    private const string Columns = "hash, user_code_hash, client_id, parameters, resources, poll_interval, address, user_agent, created_at, expires_at";

    private const string FindByUserCodeSql = $"SELECT {Columns} FROM device_codes WHERE user_code_hash = @code AND {Waits}";

    public Task<DeviceAuthorization?> FindWaitingByUserCodeAsync(byte[] userCodeHash, DateTimeOffset now, CancellationToken ct) =>
        database.FindAsync(FindByUserCodeSql, Read, ct, ("code", userCodeHash), ("now", now.Ms()));

    private const string FindSql = $"SELECT {Columns} FROM device_codes WHERE hash = @hash AND {Waits}";

    public Task<DeviceAuthorization?> FindWaitingAsync(byte[] hash, DateTimeOffset now, CancellationToken ct) => database.FindAsync(FindSql, Read, ct, ("hash", hash), ("now", now.Ms()));

    private const string ApproveSql = $"UPDATE device_codes SET grant_id = @grant WHERE hash = @hash AND {Waits}";

    /// <summary>The grant has to be there before the code can name it; where the code was not to be had any more, it goes again.</summary>
    private const string DropUnclaimedSql = "DELETE FROM grants WHERE id = @grant AND NOT EXISTS (SELECT 1 FROM device_codes d WHERE d.hash = @hash AND d.grant_id = @grant)";

    public async Task<bool> TryApproveAsync(byte[] hash, Grant grant, DateTimeOffset now, CancellationToken ct) => (await database.TransactAsync(
    [
        SqlTokenStore.Adding(grant),
        new Statement(ApproveSql, ("grant", grant.Id), ("hash", hash), ("now", now.Ms())),
        new Statement(DropUnclaimedSql, ("grant", grant.Id), ("hash", hash)),
    ], ct))[1] == 1;

    private const string DenySql = $"UPDATE device_codes SET denied_at = @now WHERE hash = @hash AND {Waits}";

    public async Task<bool> TryDenyAsync(byte[] hash, DateTimeOffset now, CancellationToken ct) => await database.ExecuteAsync(DenySql, ct, ("hash", hash), ("now", now.Ms())) == 1;

    private const string IsTooEarly = $"({Waits} AND last_polled_at IS NOT NULL AND last_polled_at + poll_interval * 1000 > @now + @tolerance)";

    // What stands to the right of the equals signs is the row as it was.
    private const string PollSql = $"""
        UPDATE device_codes SET too_early = {IsTooEarly}, poll_interval = CASE WHEN {IsTooEarly} THEN poll_interval + 5 ELSE poll_interval END, last_polled_at = @now
        WHERE hash = @hash AND client_id = @client
        RETURNING grant_id, denied_at, redeemed_at, expires_at, too_early, parameters
        """;

    public Task<PolledDeviceCode?> PollAsync(byte[] hash, string clientId, DateTimeOffset now, CancellationToken ct) => database.WriteAsync(PollSql, static row => new PolledDeviceCode
    {
        GrantId = row.TextOrNull(0),
        DeniedAt = row.TimeOrNull(1),
        RedeemedAt = row.TimeOrNull(2),
        ExpiresAt = row.Time(3),
        TooEarly = row.GetBoolean(4),
        Nonce = Parameters(row, 5).GetValueOrDefault("nonce"),
    }, ct, ("hash", hash), ("client", clientId), ("now", now.Ms()), ("tolerance", Tolerance));

    private const string RedeemSql = "UPDATE device_codes SET redeemed_at = @now WHERE hash = @hash AND redeemed_at IS NULL AND grant_id IS NOT NULL";

    public async Task<bool> TryRedeemAsync(byte[] hash, DateTimeOffset now, CancellationToken ct) => await database.ExecuteAsync(RedeemSql, ct, ("now", now.Ms()), ("hash", hash)) == 1;

    private static DeviceAuthorization Read(DbDataReader row) => new()
    {
        Hash = row.Bytes(0),
        UserCodeHash = row.Bytes(1),
        ClientId = row.GetString(2),
        Parameters = Parameters(row, 3),
        Resources = JsonSerializer.Deserialize(row.GetString(4), StorageJson.Default.IReadOnlyListString)!,
        Interval = row.GetInt32(5),
        Address = row.TextOrNull(6),
        UserAgent = row.TextOrNull(7),
        CreatedAt = row.Time(8),
        ExpiresAt = row.Time(9),
    };

    private static IReadOnlyDictionary<string, string> Parameters(DbDataReader row, int column) => JsonSerializer.Deserialize(row.GetString(column), StorageJson.Default.IReadOnlyDictionaryStringString)!;
}
