namespace AuthServer.Engine.Tokens;

/// <summary>
/// The database verbs of grants and handles. None reads and then decides: where something may happen once, the verb is one conditional
/// UPDATE (or one INSERT against a primary key) whose row count is the answer, so any number of nodes is as safe as one.
/// </summary>
public interface ITokenStore
{
    /// <summary>Stores a grant and, where the answer has one, its code, in one transaction.</summary>
    Task AddGrantAsync(Grant grant, AuthorizationCode? code, CancellationToken ct);

    /// <param name="withDirectory">Also read the user's place in the directory where no scope of the grant asks for it; see <see cref="DirectoryRelease"/>.</param>
    Task<StandingCode?> FindCodeAsync(byte[] codeHash, CancellationToken ct, bool withDirectory = false);

    /// <summary>Marks the code used. False when somebody else already did.</summary>
    /// <remarks>RFC 6749 §4.1.2. Call only after possession is proved.</remarks>
    Task<bool> TryRedeemCodeAsync(byte[] codeHash, DateTimeOffset now, CancellationToken ct);

    /// <summary>Gives the grant its life beyond the code: its end and its first refresh token. False where it was revoked in between.</summary>
    Task<bool> TryOpenGrantAsync(string grantId, DateTimeOffset expiresAt, RefreshState? refresh, CancellationToken ct);

    Task<StandingGrant?> FindGrantByRefreshFamilyAsync(byte[] familyHash, CancellationToken ct, bool withDirectory = false);

    /// <summary>Replaces the secret <paramref name="presentedHash"/> by the next generation. False when it was not the present one any more, or the grant was revoked.</summary>
    Task<bool> TryRotateAsync(string grantId, byte[] presentedHash, RefreshState next, CancellationToken ct);

    /// <summary>The grant with its user, its session and whether the access token <paramref name="tokenId"/> was revoked: one command.</summary>
    /// <param name="tokenId">The token's <c>jti</c>.</param>
    Task<StandingGrant?> FindGrantAsync(string grantId, string tokenId, CancellationToken ct, bool withDirectory = false);

    /// <summary>For access tokens without a grant row: was this one revoked by itself?</summary>
    Task<bool> IsAccessTokenRevokedAsync(string tokenId, CancellationToken ct);

    /// <summary>RFC 7009 §2.1. Idempotent.</summary>
    Task RevokeGrantAsync(string grantId, DateTimeOffset now, CancellationToken ct);

    Task RevokeAccessTokenAsync(string tokenId, DateTimeOffset expiresAt, CancellationToken ct);

    /// <summary>After a password reset or when the account is disabled: every grant of the user falls.</summary>
    Task<int> RevokeGrantsOfUserAsync(string userId, DateTimeOffset now, CancellationToken ct);

    /// <summary>When the user takes back the consent: every grant of this user to this client falls.</summary>
    Task<int> RevokeGrantsOfUserAsync(string userId, string clientId, DateTimeOffset now, CancellationToken ct);

    Task AddReferenceTokenAsync(ReferenceToken token, CancellationToken ct);

    /// <summary>An opaque access token with its grant: one command.</summary>
    Task<StandingReferenceToken?> FindReferenceTokenAsync(byte[] hash, CancellationToken ct, bool withDirectory = false);

    Task RevokeReferenceTokenAsync(byte[] hash, DateTimeOffset now, CancellationToken ct);
}

/// <summary>The row of an opaque access token; only clients that ask for such tokens cause any.</summary>
public sealed record ReferenceToken
{
    public required byte[] Hash { get; init; }
    public required string ClientId { get; init; }

    /// <summary>Null for client credentials.</summary>
    public string? GrantId { get; init; }

    /// <summary>The claims the JWT would have had, as one JSON text: what introspection answers.</summary>
    public required string Claims { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
}

public sealed record StandingReferenceToken(ReferenceToken Token, StandingGrant? Grant);

/// <summary>Remembers values that may be seen once: <c>jti</c> of client assertions (RFC 7523 §3), spent challenges.</summary>
public interface IReplayStore
{
    /// <summary>False where the value was there already: one INSERT against a primary key.</summary>
    /// <param name="purpose">Keeps kinds apart, e.g. <c>client_assertion</c>.</param>
    Task<bool> TryUseAsync(string purpose, byte[] hash, DateTimeOffset expiresAt, CancellationToken ct);
}
