using System.Data.Common;
using AuthServer.Engine.Administration;

namespace AuthServer.Storage.Sql;

/// <summary>Sessions and grants for the administration; see <see cref="ISessionList"/>.</summary>
internal sealed class SqlSessionList(SqlDatabase database) : ISessionList
{
    private const string Columns = "s.id, s.user_id, u.user_name, s.created_at, s.auth_time, s.amr, s.acr, s.last_seen_at, s.expires_at, s.address, s.user_agent, s.persistent";

    private const string Behind = "s.ended_at IS NULL AND s.expires_at > @now AND s.created_at <= @created AND (s.created_at < @created OR s.id < @id) ORDER BY s.created_at DESC, s.id DESC LIMIT @most";

    private const string OfAllSql = $"SELECT {Columns} FROM sessions s JOIN users u ON u.id = s.user_id WHERE {Behind}";
    private const string OfUserSql = $"SELECT {Columns} FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.user_id = @user AND {Behind}";
    private const string OfAddressSql = $"SELECT {Columns} FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.address = @address AND {Behind}";
    private const string OfUserAtAddressSql = $"SELECT {Columns} FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.user_id = @user AND s.address = @address AND {Behind}";

    public Task<IReadOnlyList<ListedSession>> ListAsync(SessionFilter filter, (DateTimeOffset CreatedAt, string Id)? after, int most, DateTimeOffset now, CancellationToken ct)
    {
        var (created, id) = after ?? (DateTimeOffset.MaxValue, "");
        List<(string, object?)> parameters = [("now", now.Ms()), ("created", created.Ms()), ("id", id), ("most", most)];
        if (filter.UserId is not null) parameters.Add(("user", filter.UserId));
        if (filter.Address is not null) parameters.Add(("address", filter.Address));
        return database.ListAsync((filter.UserId, filter.Address) switch { (null, null) => OfAllSql, (_, null) => OfUserSql, (null, _) => OfAddressSql, _ => OfUserAtAddressSql }, Read, ct, [.. parameters]);
    }

    private const string OwnerSql = "SELECT user_id FROM sessions WHERE id = @id AND ended_at IS NULL AND expires_at > @now";

    public Task<string?> OwnerAsync(string sessionId, DateTimeOffset now, CancellationToken ct) => database.FindAsync(OwnerSql, static row => row.GetString(0), ct, ("id", sessionId), ("now", now.Ms()));

    private const string RevokeGrantSql = "UPDATE grants SET revoked_at = @now WHERE id = @id AND user_id = @user AND revoked_at IS NULL";

    public async Task<bool> TryRevokeGrantAsync(string userId, string grantId, DateTimeOffset now, CancellationToken ct) =>
        await database.ExecuteAsync(RevokeGrantSql, ct, ("now", now.Ms()), ("id", grantId), ("user", userId)) == 1;

    private static ListedSession Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.Time(3), row.Time(4), row.GetString(5).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetString(6), row.Time(7), row.Time(8),
        row.TextOrNull(9), row.TextOrNull(10), row.GetBoolean(11));
}
