namespace AuthServer.Engine.Jose;

/// <summary>What a JWT has to say besides being signed (RFC 7519 §4.1, RFC 7523 §3).</summary>
public sealed record JwtExpectations
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>The one issuer; null when the caller compares it in another way.</summary>
    public string? Issuer { get; init; }

    /// <summary>One of these has to be among the audiences; null when the caller compares them in another way.</summary>
    public IReadOnlyCollection<string>? Audiences { get; init; }

    /// <summary>How far two clocks may be apart. Default 30 seconds.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);
    public bool RequireExpiry { get; init; } = true;
    public bool RequireIssuedAt { get; init; }
    public bool RequireId { get; init; }
    public bool RequireSubject { get; init; }

    /// <summary>Longest time between issue (or now) and expiry, so that a jti need not be remembered for ever.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>How long ago it may have been issued; implies that <c>iat</c> is there (RFC 9449 §11.1).</summary>
    public TimeSpan? MaxAge { get; init; }

    public JwtFault Check(VerifiedJwt token) => Check(token.Claims);

    internal JwtFault Check(JwtClaims claims)
    {
        if (Issuer is not null && !string.Equals(claims.Issuer, Issuer, StringComparison.Ordinal)) return JwtFault.WrongIssuer;
        if (Audiences is not null && !claims.Audience.Any(Audiences.Contains)) return JwtFault.WrongAudience;
        if (RequireSubject && string.IsNullOrEmpty(claims.Subject)) return JwtFault.MissingClaim;
        if (RequireId && string.IsNullOrEmpty(claims.Id)) return JwtFault.MissingClaim;
        return CheckTimes(claims);
    }

    private JwtFault CheckTimes(JwtClaims claims)
    {
        if ((RequireExpiry || MaxLifetime is not null) && claims.ExpiresAt is null) return JwtFault.MissingClaim;
        if ((RequireIssuedAt || MaxAge is not null) && claims.IssuedAt is null) return JwtFault.MissingClaim;

        // Differences, never sums: a date next to the end of time must not overflow.
        if (claims.ExpiresAt is { } expiresAt)
        {
            if (Now - expiresAt >= ClockSkew) return JwtFault.Expired;
            if (expiresAt - Now > MaxLifetime + ClockSkew || expiresAt - (claims.IssuedAt ?? Now) > MaxLifetime + ClockSkew) return JwtFault.LivesTooLong;
        }
        if (claims.NotBefore is { } notBefore && notBefore - Now > ClockSkew) return JwtFault.NotYetValid;
        if (claims.IssuedAt is { } issuedAt)
        {
            if (issuedAt - Now > ClockSkew) return JwtFault.IssuedInTheFuture;
            if (Now - issuedAt > MaxAge + ClockSkew) return JwtFault.TooOld;
        }
        return JwtFault.None;
    }
}
