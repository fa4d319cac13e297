using System.Data.Common;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;

namespace AuthServer.Storage.Sql;

/// <summary>Remembered consent; see <see cref="IConsentStore"/>.</summary>
internal sealed class SqlConsentStore(SqlDatabase database) : IConsentStore
{
    private const string FindSql = "SELECT user_id, client_id, scopes, created_at, updated_at FROM consents WHERE user_id = @user AND client_id = @client";

    public Task<Consent?> FindAsync(string userId, string clientId, CancellationToken ct) => database.FindAsync(FindSql, Read, ct, ("user", userId), ("client", clientId));

    private const string SaveSql = """
        INSERT INTO consents (user_id, client_id, scopes, created_at, updated_at) VALUES (@user, @client, @scopes, @now, @now)
        ON CONFLICT (user_id, client_id) DO UPDATE SET scopes = excluded.scopes, updated_at = excluded.updated_at
        """;

    public async Task SaveAsync(string userId, string clientId, ScopeSet scopes, DateTimeOffset now, CancellationToken ct)
    {
        var before = await FindAsync(userId, clientId, ct);
        var all = before is null ? scopes : before.Scopes.Union(scopes);
        await database.ExecuteAsync(SaveSql, ct, ("user", userId), ("client", clientId), ("scopes", all.ToString()), ("now", now.Ms()));
    }

    private const string ListSql = "SELECT user_id, client_id, scopes, created_at, updated_at FROM consents WHERE user_id = @user ORDER BY client_id";

    public Task<IReadOnlyList<Consent>> ListAsync(string userId, CancellationToken ct) => database.ListAsync(ListSql, Read, ct, ("user", userId));

    private const string ForgetSql = "DELETE FROM consents WHERE user_id = @user AND client_id = @client";
    private const string RevokeSql = "UPDATE grants SET revoked_at = @now WHERE user_id = @user AND client_id = @client AND revoked_at IS NULL";

    public async Task<bool> TryRevokeAsync(string userId, string clientId, DateTimeOffset now, CancellationToken ct)
    {
        var changed = await database.TransactAsync(
            [new Statement(ForgetSql, ("user", userId), ("client", clientId)), new Statement(RevokeSql, ("now", now.Ms()), ("user", userId), ("client", clientId))], ct);
        return changed[0] + changed[1] > 0;
    }

    private static Consent Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), ScopeSet.Parse(row.GetString(2)), row.Time(3), row.Time(4));
}
