using System.Data.Common;
using System.Text.Json;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Storage.Sql;

/// <summary>API keys; see <see cref="IApiKeyStore"/>.</summary>
internal sealed class SqlApiKeyStore(SqlDatabase database, TimeProvider clock) : IApiKeyStore
{
    private const string Columns = """
        k.id, k.kind, k.user_id, k.client_id, k.organization_id, k.grant_id, k.name, k.prefix, k.scopes, k.allowed_addresses, k.rate_per_hour,
        k.created_at, k.expires_at, k.revoked_at, k.last_used_at, k.last_used_address, k.version
        """;

    /// <summary>Columns in <see cref="Columns"/>.</summary>
    private const int Count = 17;

    private const string AddSql = """
        INSERT INTO api_keys (id, kind, user_id, client_id, organization_id, grant_id, name, prefix, hash, scopes, allowed_addresses, rate_per_hour, created_at, expires_at, version)
        VALUES (@id, @kind, @user, @client, @organization, @grant, @name, @prefix, @hash, @scopes, @addresses, @rate, @created, @expires, @version)
        """;

    public Task AddAsync(ApiKey key, byte[] hash, Grant grant, CancellationToken ct) => database.TransactAsync(
    [
        SqlTokenStore.Adding(grant),
        new Statement(AddSql, ("id", key.Id), ("kind", KindOf(key.Kind)), ("user", key.Owner.UserId), ("client", key.Owner.ClientId), ("organization", key.Owner.OrganizationId), ("grant", key.GrantId),
            ("name", key.Name), ("prefix", key.Start), ("hash", hash), ("scopes", key.Scopes.ToString()), ("addresses", AddressesOf(key)), ("rate", key.RatePerHour),
            ("created", key.CreatedAt.Ms()), ("expires", key.ExpiresAt.Ms()), ("version", key.Version)),
    ], ct);

    private const string FindByHashSql = $"SELECT {GrantColumns.List}, {Columns} FROM api_keys k LEFT JOIN grants g ON g.id = k.grant_id {GrantColumns.Joins} WHERE k.hash = @hash";

    public Task<StandingApiKey?> FindAsync(byte[] hash, CancellationToken ct) => database.FindAsync(FindByHashSql,
        row => new StandingApiKey(Read(row, GrantColumns.Count), row.IsDBNull(0) ? null : GrantColumns.Read(row, 0, clock.GetUtcNow())), ct, ("hash", hash), ("directory", true));

    private const string Stands = "(g.id IS NOT NULL AND g.revoked_at IS NULL)";

    private const string Listed = $"""
        SELECT {Columns}, {Stands}, COALESCE(u.user_name, o.name)
        FROM api_keys k LEFT JOIN grants g ON g.id = k.grant_id LEFT JOIN users u ON u.id = k.user_id LEFT JOIN organizations o ON o.id = k.organization_id
        """;

    private const string FindByIdSql = $"{Listed} WHERE k.id = @id";

    public Task<ListedApiKey?> FindAsync(string id, CancellationToken ct) => database.FindAsync(FindByIdSql, ReadListed, ct, ("id", id));

    private const string Active = $"(k.revoked_at IS NULL AND k.expires_at > @now AND {Stands})";

    private const string Behind = $"""
        k.created_at <= @created AND (k.created_at < @created OR k.id < @id) AND (@kind = '' OR k.kind = @kind)
        AND (@state = '' OR (@state = 'active' AND {Active}) OR (@state = 'ended' AND NOT {Active})) ORDER BY k.created_at DESC, k.id DESC LIMIT @most
        """;

    private const string OfAllSql = $"{Listed} WHERE {Behind}";
    private const string OfUserSql = $"{Listed} WHERE k.user_id = @owner AND {Behind}";
    private const string OfClientSql = $"{Listed} WHERE k.client_id = @owner AND {Behind}";
    private const string OfOrganizationSql = $"{Listed} WHERE k.organization_id = @owner AND {Behind}";

    public Task<IReadOnlyList<ListedApiKey>> ListAsync(ApiKeyFilter filter, (DateTimeOffset CreatedAt, string Id)? after, int most, DateTimeOffset now, CancellationToken ct)
    {
        var (created, id) = after ?? (DateTimeOffset.MaxValue, "");
        List<(string, object?)> parameters =
        [
            ("created", created.Ms()), ("id", id), ("most", most), ("now", now.Ms()), ("kind", filter.Kind is { } kind ? KindOf(kind) : ""),
            ("state", filter.Active switch { true => "active", false => "ended", null => "" }),
        ];
        if (filter.Owner is { } owner) parameters.Add(("owner", owner.Id));
        return database.ListAsync(filter.Owner?.Kind switch
        {
            null => OfAllSql, ApiKeyOwnerKind.User => OfUserSql, ApiKeyOwnerKind.Client => OfClientSql, _ => OfOrganizationSql,
        }, ReadListed, ct, [.. parameters]);
    }

    private const string CountOfUserSql = $"SELECT COUNT(*) FROM api_keys k LEFT JOIN grants g ON g.id = k.grant_id WHERE k.user_id = @owner AND {Active}";
    private const string CountOfClientSql = $"SELECT COUNT(*) FROM api_keys k LEFT JOIN grants g ON g.id = k.grant_id WHERE k.client_id = @owner AND {Active}";
    private const string CountOfOrganizationSql = $"SELECT COUNT(*) FROM api_keys k LEFT JOIN grants g ON g.id = k.grant_id WHERE k.organization_id = @owner AND {Active}";

    public async Task<int> CountActiveAsync(ApiKeyOwner owner, DateTimeOffset now, CancellationToken ct) => (await database.ListAsync(owner.Kind switch
    {
        ApiKeyOwnerKind.User => CountOfUserSql, ApiKeyOwnerKind.Client => CountOfClientSql, _ => CountOfOrganizationSql,
    }, static row => (int)row.GetInt64(0), ct, ("owner", owner.Id), ("now", now.Ms())))[0];

    private const string UpdateSql = """
        UPDATE api_keys SET name = @name, scopes = @scopes, expires_at = @expires, allowed_addresses = @addresses, rate_per_hour = @rate, version = version + 1
        WHERE id = @id AND version = @version AND revoked_at IS NULL
        """;

    // Copied from the key, so that it does no harm where the key was not changed.
    private const string UpdateGrantSql = """
        UPDATE grants SET scopes = (SELECT k.scopes FROM api_keys k WHERE k.id = @id), expires_at = (SELECT k.expires_at FROM api_keys k WHERE k.id = @id)
        WHERE id = (SELECT k.grant_id FROM api_keys k WHERE k.id = @id)
        """;

    public async Task<bool> TryUpdateAsync(ApiKey key, CancellationToken ct) => (await database.TransactAsync(
    [
        new Statement(UpdateSql, ("id", key.Id), ("version", key.Version), ("name", key.Name), ("scopes", key.Scopes.ToString()), ("expires", key.ExpiresAt.Ms()), ("addresses", AddressesOf(key)), ("rate", key.RatePerHour)),
        new Statement(UpdateGrantSql, ("id", key.Id)),
    ], ct))[0] == 1;

    private const string RevokeSql = "UPDATE api_keys SET revoked_at = @now, version = version + 1 WHERE id = @id AND revoked_at IS NULL";
    private const string RevokeGrantSql = "UPDATE grants SET revoked_at = @now WHERE id = (SELECT k.grant_id FROM api_keys k WHERE k.id = @id) AND revoked_at IS NULL";

    public async Task<bool> TryRevokeAsync(string id, DateTimeOffset now, CancellationToken ct) =>
        (await database.TransactAsync([new Statement(RevokeSql, ("id", id), ("now", now.Ms())), new Statement(RevokeGrantSql, ("id", id), ("now", now.Ms()))], ct))[0] == 1;

    // An id has 36 characters; behind it stand a space and the address.
    private const string NoteUsesSql = """
        UPDATE api_keys SET last_used_at = n.at, last_used_address = COALESCE(n.address, last_used_address)
        FROM (SELECT substr(j.key, 1, 36) AS id, NULLIF(substr(j.key, 38), '') AS address, CAST(CAST(j.value AS TEXT) AS BIGINT) AS at FROM json_each(json(CAST(@uses AS TEXT))) AS j) AS n
        WHERE api_keys.id = n.id AND (api_keys.last_used_at IS NULL OR api_keys.last_used_at < n.at)
        """;

    public Task NoteUsesAsync(IReadOnlyDictionary<string, ApiKeyUse> uses, CancellationToken ct)
    {
        IReadOnlyDictionary<string, long> noted = uses.ToDictionary(static u => u.Key + " " + u.Value.Address, static u => u.Value.At.ToUnixTimeMilliseconds(), StringComparer.Ordinal);
        return database.ExecuteAsync(NoteUsesSql, ct, ("uses", JsonSerializer.Serialize(noted, StorageJson.Default.IReadOnlyDictionaryStringInt64)));
    }

    private static string KindOf(ApiKeyKind kind) => kind == ApiKeyKind.Personal ? "pat" : "key";

    private static string? AddressesOf(ApiKey key) => key.AllowedAddresses.Count == 0 ? null : string.Join(' ', key.AllowedAddresses);

    private static ListedApiKey ReadListed(DbDataReader row) => new(Read(row, 0), row.TextOrNull(Count + 1), row.GetBoolean(Count));

    private static ApiKey Read(DbDataReader row, int first) => new()
    {
        Id = row.GetString(first),
        Kind = row.GetString(first + 1) == "pat" ? ApiKeyKind.Personal : ApiKeyKind.Machine,
        Owner = row.TextOrNull(first + 2) is { } user ? ApiKeyOwner.User(user)
            : row.TextOrNull(first + 3) is { } client ? new ApiKeyOwner(ApiKeyOwnerKind.Client, client) : new ApiKeyOwner(ApiKeyOwnerKind.Organization, row.GetString(first + 4)),
        GrantId = row.GetString(first + 5),
        Name = row.GetString(first + 6),
        Start = row.GetString(first + 7),
        Scopes = ScopeSet.Parse(row.GetString(first + 8)),
        AllowedAddresses = row.TextOrNull(first + 9)?.Split(' ') ?? [],
        RatePerHour = row.IsDBNull(first + 10) ? null : row.GetInt32(first + 10),
        CreatedAt = row.Time(first + 11),
        ExpiresAt = row.Time(first + 12),
        RevokedAt = row.TimeOrNull(first + 13),
        LastUsedAt = row.TimeOrNull(first + 14),
        LastUsedAddress = row.TextOrNull(first + 15),
        Version = row.GetInt64(first + 16),
    };
}
