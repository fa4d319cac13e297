using System.Buffers.Text;
using System.Security.Cryptography;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Tokens;

/// <summary>What a user (or a client) granted a client: one row however often its tokens are refreshed. Everything issued under it falls with it.</summary>
public sealed record Grant
{
    /// <summary>16 random bytes as base64url. Travels in access tokens as <c>gid</c>.</summary>
    public required string Id { get; init; }
    public required string ClientId { get; init; }

    /// <summary>The user's id. Null for a client's own grant.</summary>
    public string? UserId { get; init; }

    /// <summary>The session it began in; kept for <c>sid</c>.</summary>
    public string? SessionId { get; init; }

    /// <summary>True: ends with its session. False once the user granted <c>offline_access</c> (OpenID Connect Core §11).</summary>
    public bool BoundToSession { get; init; }
    public required ScopeSet Scopes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Absolute end of everything under this grant (ASVS 10.4.8).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>What later tokens must repeat; stored as one JSON text.</summary>
    public required GrantDetails Details { get; init; }

    public RefreshState? Refresh { get; init; }

    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}

/// <summary>The facts of the sign-in and of the request that later ID tokens and UserInfo answers repeat.</summary>
public sealed record GrantDetails
{
    /// <summary>The <c>sub</c> of a grant without a user where it is not the client itself: <c>organization:…</c> for an organization's API key.</summary>
    public string? Subject { get; init; }

    /// <summary>What a person made for a program of theirs and calls by a name, where an old API knows such tokens.</summary>
    public NamedToken? Token { get; init; }

    /// <summary>RFC 8707 resources the grant was given for.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Unix seconds.</summary>
    public long? AuthTime { get; init; }
    public string? Acr { get; init; }
    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>The request had <c>max_age</c>, or the client always wants <c>auth_time</c>.</summary>
    public bool AuthTimeRequested { get; init; }

    /// <summary>Claim names asked for by the <c>claims</c> parameter (OpenID Connect Core §5.5).</summary>
    public IReadOnlyList<string> IdTokenClaims { get; init; } = [];
    public IReadOnlyList<string> UserInfoClaims { get; init; } = [];
}

/// <summary>The one token of a grant that a person made by hand.</summary>
/// <param name="Scope">As asked for, words between blanks; they open nothing of this server.</param>
public sealed record NamedToken(string Name, string? Scope);

/// <summary>Where the refresh-token family stands. A token is <c>family.secret</c>: the family finds the row, the secret says which generation it is.</summary>
public sealed record RefreshState
{
    /// <summary>SHA-256 of the family part, which stays the same over all rotations.</summary>
    public required byte[] FamilyHash { get; init; }

    /// <summary>SHA-256 of the secret part that is good now.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>SHA-256 of the secret part before the last rotation.</summary>
    public byte[]? PreviousHash { get; init; }
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>The present secret, encrypted under a key derived from the previous one: whoever repeats the last request can have the same answer, a reader of the database cannot.</summary>
    public byte[]? SealedSuccessor { get; init; }

    /// <summary>The end of this generation where the client slides; never past the grant's own end.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A grant as it stands at this moment, read with its user and session in one command.</summary>
public sealed record StandingGrant(Grant Grant)
{
    /// <summary>Null where the grant has no user or the user is gone.</summary>
    public GrantUser? User { get; init; }

    public bool SessionEnded { get; init; }

    /// <summary>The one access token asked about was revoked by itself (RFC 7009 §2).</summary>
    public bool AccessTokenRevoked { get; init; }

    /// <summary>Null: everything under the grant is good. Otherwise why not, for the log.</summary>
    public string? Fault(DateTimeOffset now)
    {
        if (Grant.RevokedAt is not null) return "grant revoked";
        if (Grant.ExpiresAt <= now) return "grant expired";
        if (Grant.UserId is not null && User is null) return "user deleted";
        if (User is { MaySignIn: false }) return "user disabled or locked";
        if (Grant.BoundToSession && SessionEnded) return "session ended";
        if (AccessTokenRevoked) return "access token revoked";
        return null;
    }
}

/// <summary>The user of a grant with everything claims are made of.</summary>
public sealed record GrantUser
{
    public required string Id { get; init; }
    /// <summary>Positive, 32 bits; stays for ever.</summary>
    public int Number { get; init; }
    public required string UserName { get; init; }
    public string? Email { get; init; }
    public bool EmailVerified { get; init; }
    public string? PhoneNumber { get; init; }
    public bool PhoneNumberVerified { get; init; }

    /// <summary>JSON object with the other standard claims by their wire names, as <c>name</c>, <c>birthdate</c>, <c>address</c>.</summary>
    public required string Profile { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long UpdatedAt { get; init; }

    /// <summary>False where the user is disabled or locked by an administrator.</summary>
    public required bool MaySignIn { get; init; }

    public bool IsAdministrator { get; init; }

    /// <summary>Read only where the grant's client may be told of it; null otherwise.</summary>
    public UserDirectory? Directory { get; init; }
}
