using System.Data.Common;
using System.Text.Json;
using AuthServer.Engine.Tokens;

namespace AuthServer.Storage.Sql;

/// <summary>Grants, codes and handles. Each verb is one statement, or one transaction of writes; see <see cref="ITokenStore"/>.</summary>
internal sealed class SqlTokenStore(SqlDatabase database, TimeProvider clock) : ITokenStore, IReplayStore
{
    private const string AddGrantSql = """
        INSERT INTO grants (id, client_id, user_id, session_id, bound_to_session, scopes, details, created_at, expires_at, family_hash, secret_hash, refresh_expires_at)
        VALUES (@id, @client, @user, @session, @bound, @scopes, @details, @created, @expires, @family, @secret, @refresh_expires)
        """;

    private const string AddCodeSql = """
        INSERT INTO authorization_codes (hash, grant_id, client_id, redirect_uri, code_challenge, nonce, expires_at)
        VALUES (@hash, @grant, @client, @redirect, @challenge, @nonce, @expires)
        """;

    public async Task AddGrantAsync(Grant grant, AuthorizationCode? code, CancellationToken ct)
    {
        var addGrant = Adding(grant);
        if (code is null)
        {
            await database.ExecuteAsync(addGrant.Sql, ct, addGrant.Parameters);
            return;
        }

        await database.TransactAsync([addGrant, new Statement(AddCodeSql, ("hash", code.Hash), ("grant", code.GrantId), ("client", code.ClientId), ("redirect", code.RedirectUri),
            ("challenge", code.CodeChallenge), ("nonce", code.Nonce), ("expires", code.ExpiresAt.Ms()))], ct);
    }

    /// <summary>For whoever stores a grant together with something of their own.</summary>
    internal static Statement Adding(Grant grant) => new(AddGrantSql, ("id", grant.Id), ("client", grant.ClientId), ("user", grant.UserId), ("session", grant.SessionId), ("bound", grant.BoundToSession),
        ("scopes", grant.Scopes.ToString()), ("details", JsonSerializer.Serialize(grant.Details, StorageJson.Default.GrantDetails)), ("created", grant.CreatedAt.Ms()), ("expires", grant.ExpiresAt.Ms()),
        ("family", grant.Refresh?.FamilyHash), ("secret", grant.Refresh?.SecretHash), ("refresh_expires", grant.Refresh?.ExpiresAt.Ms()));

    private const string FindCodeSql = $"""
        SELECT {GrantColumns.List}, c.grant_id, c.client_id, c.redirect_uri, c.code_challenge, c.nonce, c.expires_at, c.redeemed_at
        FROM authorization_codes c JOIN grants g ON g.id = c.grant_id {GrantColumns.Joins} WHERE c.hash = @hash
        """;

    public Task<StandingCode?> FindCodeAsync(byte[] codeHash, CancellationToken ct, bool withDirectory = false) => database.FindAsync(FindCodeSql, row => new StandingCode(
        new AuthorizationCode
        {
            Hash = codeHash,
            GrantId = row.GetString(GrantColumns.Count),
            ClientId = row.GetString(GrantColumns.Count + 1),
            RedirectUri = row.TextOrNull(GrantColumns.Count + 2),
            CodeChallenge = row.TextOrNull(GrantColumns.Count + 3),
            Nonce = row.TextOrNull(GrantColumns.Count + 4),
            ExpiresAt = row.Time(GrantColumns.Count + 5),
            RedeemedAt = row.TimeOrNull(GrantColumns.Count + 6),
        }, Standing(row)), ct, ("hash", codeHash), ("directory", withDirectory));

    private const string RedeemCodeSql = "UPDATE authorization_codes SET redeemed_at = @now WHERE hash = @hash AND redeemed_at IS NULL";

    public async Task<bool> TryRedeemCodeAsync(byte[] codeHash, DateTimeOffset now, CancellationToken ct) =>
        await database.ExecuteAsync(RedeemCodeSql, ct, ("now", now.Ms()), ("hash", codeHash)) == 1;

    private const string OpenGrantSql = """
        UPDATE grants SET expires_at = @expires, family_hash = @family, secret_hash = @secret, refresh_expires_at = @refresh_expires
        WHERE id = @id AND revoked_at IS NULL
        """;

    public async Task<bool> TryOpenGrantAsync(string grantId, DateTimeOffset expiresAt, RefreshState? refresh, CancellationToken ct) =>
        await database.ExecuteAsync(OpenGrantSql, ct, ("expires", expiresAt.Ms()), ("family", refresh?.FamilyHash), ("secret", refresh?.SecretHash),
            ("refresh_expires", refresh?.ExpiresAt.Ms()), ("id", grantId)) == 1;

    private const string FindFamilySql = $"SELECT {GrantColumns.List} FROM grants g {GrantColumns.Joins} WHERE g.family_hash = @family";

    public Task<StandingGrant?> FindGrantByRefreshFamilyAsync(byte[] familyHash, CancellationToken ct, bool withDirectory = false) =>
        database.FindAsync(FindFamilySql, Standing, ct, ("family", familyHash), ("directory", withDirectory));

    private const string RotateSql = """
        UPDATE grants SET secret_hash = @next, previous_hash = @presented, rotated_at = @rotated, sealed_successor = @successor, refresh_expires_at = @expires
        WHERE id = @id AND secret_hash = @presented AND revoked_at IS NULL
        """;

    public async Task<bool> TryRotateAsync(string grantId, byte[] presentedHash, RefreshState next, CancellationToken ct) =>
        await database.ExecuteAsync(RotateSql, ct, ("next", next.SecretHash), ("presented", presentedHash), ("rotated", next.RotatedAt.Ms()), ("successor", next.SealedSuccessor),
            ("expires", next.ExpiresAt.Ms()), ("id", grantId)) == 1;

    private const string FindGrantSql = $"""
        SELECT {GrantColumns.List}, EXISTS (SELECT 1 FROM revoked_access_tokens r WHERE r.token_id = @token)
        FROM grants g {GrantColumns.Joins} WHERE g.id = @id
        """;

    public Task<StandingGrant?> FindGrantAsync(string grantId, string tokenId, CancellationToken ct, bool withDirectory = false) =>
        database.FindAsync(FindGrantSql, row => Standing(row) with { AccessTokenRevoked = row.GetBoolean(GrantColumns.Count) }, ct, ("token", tokenId), ("id", grantId), ("directory", withDirectory));

    private const string IsRevokedSql = "SELECT token_id FROM revoked_access_tokens WHERE token_id = @token";

    public async Task<bool> IsAccessTokenRevokedAsync(string tokenId, CancellationToken ct) =>
        await database.FindAsync(IsRevokedSql, static row => row.GetString(0), ct, ("token", tokenId)) is not null;

    private const string RevokeGrantSql = "UPDATE grants SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL";

    public Task RevokeGrantAsync(string grantId, DateTimeOffset now, CancellationToken ct) => database.ExecuteAsync(RevokeGrantSql, ct, ("now", now.Ms()), ("id", grantId));

    private const string RevokeAccessTokenSql = "INSERT INTO revoked_access_tokens (token_id, expires_at) VALUES (@token, @expires) ON CONFLICT (token_id) DO NOTHING";

    public Task RevokeAccessTokenAsync(string tokenId, DateTimeOffset expiresAt, CancellationToken ct) => database.ExecuteAsync(RevokeAccessTokenSql, ct, ("token", tokenId), ("expires", expiresAt.Ms()));

    private const string RevokeOfUserSql = "UPDATE grants SET revoked_at = @now WHERE user_id = @user AND revoked_at IS NULL";

    public Task<int> RevokeGrantsOfUserAsync(string userId, DateTimeOffset now, CancellationToken ct) => database.ExecuteAsync(RevokeOfUserSql, ct, ("now", now.Ms()), ("user", userId));

    private const string RevokeOfUserAndClientSql = "UPDATE grants SET revoked_at = @now WHERE user_id = @user AND client_id = @client AND revoked_at IS NULL";

    public Task<int> RevokeGrantsOfUserAsync(string userId, string clientId, DateTimeOffset now, CancellationToken ct) =>
        database.ExecuteAsync(RevokeOfUserAndClientSql, ct, ("now", now.Ms()), ("user", userId), ("client", clientId));

    private const string AddReferenceSql = "INSERT INTO reference_tokens (hash, client_id, grant_id, claims, expires_at) VALUES (@hash, @client, @grant, @claims, @expires)";

    public Task AddReferenceTokenAsync(ReferenceToken token, CancellationToken ct) =>
        database.ExecuteAsync(AddReferenceSql, ct, ("hash", token.Hash), ("client", token.ClientId), ("grant", token.GrantId), ("claims", token.Claims), ("expires", token.ExpiresAt.Ms()));

    private const string FindReferenceSql = $"""
        SELECT {GrantColumns.List}, t.client_id, t.grant_id, t.claims, t.expires_at, t.revoked_at
        FROM reference_tokens t LEFT JOIN grants g ON g.id = t.grant_id {GrantColumns.Joins} WHERE t.hash = @hash
        """;

    public Task<StandingReferenceToken?> FindReferenceTokenAsync(byte[] hash, CancellationToken ct, bool withDirectory = false) => database.FindAsync(FindReferenceSql, row => new StandingReferenceToken(
        new ReferenceToken
        {
            Hash = hash,
            ClientId = row.GetString(GrantColumns.Count),
            GrantId = row.TextOrNull(GrantColumns.Count + 1),
            Claims = row.GetString(GrantColumns.Count + 2),
            ExpiresAt = row.Time(GrantColumns.Count + 3),
            RevokedAt = row.TimeOrNull(GrantColumns.Count + 4),
        }, row.IsDBNull(0) ? null : Standing(row)), ct, ("hash", hash), ("directory", withDirectory));

    private const string RevokeReferenceSql = "UPDATE reference_tokens SET revoked_at = @now WHERE hash = @hash AND revoked_at IS NULL";

    public Task RevokeReferenceTokenAsync(byte[] hash, DateTimeOffset now, CancellationToken ct) => database.ExecuteAsync(RevokeReferenceSql, ct, ("now", now.Ms()), ("hash", hash));

    private const string UseOnceSql = "INSERT INTO replayed (purpose, hash, expires_at) VALUES (@purpose, @hash, @expires) ON CONFLICT (purpose, hash) DO NOTHING";

    public async Task<bool> TryUseAsync(string purpose, byte[] hash, DateTimeOffset expiresAt, CancellationToken ct) =>
        await database.ExecuteAsync(UseOnceSql, ct, ("purpose", purpose), ("hash", hash), ("expires", expiresAt.Ms())) == 1;

    private StandingGrant Standing(DbDataReader row) => GrantColumns.Read(row, 0, clock.GetUtcNow());
}
