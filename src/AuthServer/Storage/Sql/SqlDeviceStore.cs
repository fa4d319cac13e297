using System.Data.Common;
using AuthServer.Engine.SignIn;

namespace AuthServer.Storage.Sql;

/// <summary>Devices in which people signed in before; see <see cref="IDeviceStore"/>.</summary>
internal sealed class SqlDeviceStore(SqlDatabase database) : IDeviceStore
{
    private const string FindSql = "SELECT user_id, first_seen_at, last_seen_at, trusted_until FROM devices WHERE user_id = @user AND hash = @hash AND expires_at > @now";

    public Task<KnownDevice?> FindAsync(string userId, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        database.FindAsync(FindSql, Read, ct, ("user", userId), ("hash", hash), ("now", now.Ms()));

    private const string AnySql = "SELECT user_id FROM devices WHERE user_id = @user LIMIT 1";

    public async Task<bool> AnyAsync(string userId, CancellationToken ct) => await database.FindAsync(AnySql, static row => row.GetString(0), ct, ("user", userId)) is not null;

    private const string NoteSql = """
        INSERT INTO devices (user_id, hash, first_seen_at, last_seen_at, expires_at, trusted_until, address, user_agent) VALUES (@user, @hash, @now, @now, @expires, @trusted, @address, @agent)
        ON CONFLICT (user_id, hash) DO UPDATE SET last_seen_at = excluded.last_seen_at, expires_at = excluded.expires_at,
            trusted_until = COALESCE(excluded.trusted_until, devices.trusted_until), address = excluded.address, user_agent = excluded.user_agent
        """;

    public Task NoteAsync(string userId, SeenDevice device, DateTimeOffset now, CancellationToken ct) => database.ExecuteAsync(NoteSql, ct, ("user", userId), ("hash", device.Hash), ("now", now.Ms()),
        ("expires", device.ExpiresAt.Ms()), ("trusted", device.TrustedUntil.Ms()), ("address", device.Address), ("agent", device.UserAgent));

    private const string ListSql = "SELECT first_seen_at, last_seen_at, trusted_until, address, user_agent FROM devices WHERE user_id = @user ORDER BY last_seen_at DESC LIMIT 1000";

    public Task<IReadOnlyList<DeviceSummary>> ListAsync(string userId, CancellationToken ct) => database.ListAsync(ListSql,
        static row => new DeviceSummary(row.Time(0), row.Time(1), row.TimeOrNull(2), row.TextOrNull(3), row.TextOrNull(4)), ct, ("user", userId));

    private const string DistrustSql = "UPDATE devices SET trusted_until = NULL WHERE user_id = @user";

    public Task DistrustAllAsync(string userId, CancellationToken ct) => database.ExecuteAsync(DistrustSql, ct, ("user", userId));

    private static KnownDevice Read(DbDataReader row) => new(row.GetString(0), row.Time(1), row.Time(2), row.TimeOrNull(3));
}
