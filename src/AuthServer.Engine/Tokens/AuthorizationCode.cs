namespace AuthServer.Engine.Tokens;

/// <summary>An authorization code's row (RFC 6749 §4.1.2): what the exchange must prove and repeat.</summary>
public sealed record AuthorizationCode
{
    public required byte[] Hash { get; init; }
    public required string GrantId { get; init; }
    public required string ClientId { get; init; }

    /// <summary>Null where the request named none (RFC 6749 §4.1.3).</summary>
    public required string? RedirectUri { get; init; }
    public string? CodeChallenge { get; init; }
    public string? Nonce { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RedeemedAt { get; init; }
}

/// <summary>A code with the grant it would open.</summary>
public sealed record StandingCode(AuthorizationCode Code, StandingGrant Grant);
