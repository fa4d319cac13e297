using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Engine.ApiKeys;

public enum ApiKeyKind
{
    /// <summary><c>ask_…</c>: for a machine.</summary>
    Machine,

    /// <summary><c>pat_…</c>: a person's own, for programs that act as that person.</summary>
    Personal,
}

public enum ApiKeyOwnerKind
{
    User,
    Client,
    Organization,
}

/// <summary>Whose key it is: with them it falls.</summary>
public sealed record ApiKeyOwner(ApiKeyOwnerKind Kind, string Id)
{
    /// <summary>How the <c>sub</c> of an organization begins: no person's id and no client's does.</summary>
    public const string OrganizationSubject = "organization:";

    public static ApiKeyOwner User(string id) => new(ApiKeyOwnerKind.User, id);

    public string? UserId => Kind == ApiKeyOwnerKind.User ? Id : null;

    public string? ClientId => Kind == ApiKeyOwnerKind.Client ? Id : null;

    public string? OrganizationId => Kind == ApiKeyOwnerKind.Organization ? Id : null;
}

/// <summary>An API key as it is stored; of the key itself only the hash.</summary>
public sealed record ApiKey
{
    /// <summary>A version 4 Guid in its 36-character lower-case form.</summary>
    public required string Id { get; init; }
    public required ApiKeyKind Kind { get; init; }
    public required ApiKeyOwner Owner { get; init; }

    /// <summary>What tokens got for the key stand on; revoked together with the owner's other grants, after a password reset for example.</summary>
    public required string GrantId { get; init; }
    public required string Name { get; init; }

    /// <summary>The first characters of the key.</summary>
    public required string Start { get; init; }
    public required ScopeSet Scopes { get; init; }

    /// <summary>Addresses and networks (CIDR, RFC 4632) it may be used from; empty: from everywhere.</summary>
    public IReadOnlyList<string> AllowedAddresses { get; init; } = [];

    /// <summary>Requests per hour; null: the server's own limit.</summary>
    public int? RatePerHour { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
    public string? LastUsedAddress { get; init; }

    /// <summary>Begins at 1 and grows with each change; use is no change.</summary>
    public long Version { get; init; } = 1;
}

/// <summary>A key with everything that decides whether it is good, read in one command.</summary>
/// <param name="Standing">With the user's place in the directory; null where the grant is gone.</param>
public sealed record StandingApiKey(ApiKey Key, StandingGrant? Standing);

/// <summary>A key in a list.</summary>
/// <param name="OwnerName">Of a person or an organization; null for clients.</param>
/// <param name="GrantStands">False where everything of the owner was revoked, by a password reset for example.</param>
public sealed record ListedApiKey(ApiKey Key, string? OwnerName, bool GrantStands)
{
    /// <summary><c>active</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public string StateAt(DateTimeOffset now) => Key.RevokedAt is not null ? "revoked" : Key.ExpiresAt <= now ? "expired" : GrantStands ? "active" : "revoked";
}
