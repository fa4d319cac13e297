using System.Text.Json.Nodes;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Tokens;

/// <summary>What every grant ends in and the only thing tokens are made from. A grant proves; <see cref="TokenIssuer"/> issues.</summary>
public sealed record GrantedAccess
{
    public required Client Client { get; init; }

    /// <summary>What the access token may do: the grant's scopes, or fewer.</summary>
    public required ScopeSet Scopes { get; init; }

    /// <summary>RFC 8707 resources of this one access token.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Null for a client acting for itself.</summary>
    public Grant? Grant { get; init; }

    public GrantUser? User { get; init; }

    /// <summary>Handed out as it is; its row is already written.</summary>
    public string? RefreshToken { get; init; }

    public bool WithAccessToken { get; init; } = true;

    public bool WithIdToken { get; init; }

    /// <summary>Claims of a compatibility API that the access token carries beside the standard ones; none of them bears a standard one's name.</summary>
    public JsonObject? LegacyClaims { get; init; }

    /// <summary>The <c>jti</c> of the access token, where whoever asked has to know it beforehand; null: a new one.</summary>
    public string? TokenId { get; init; }

    /// <summary>Of the request; not repeated when refreshing.</summary>
    public string? Nonce { get; init; }

    /// <summary>The code that travels beside a front-channel ID token: <c>c_hash</c> (OpenID Connect Core §3.3.2.11).</summary>
    public string? Code { get; init; }

    /// <summary>The ID token carries the claims of the scopes, because no access token comes with it to fetch them (OpenID Connect Core §5.4).</summary>
    public bool ScopeClaimsInIdToken { get; init; }
}

/// <summary>The tokens of one answer.</summary>
/// <param name="ExpiresIn">Seconds until the access token ends.</param>
public sealed record IssuedTokens(string? AccessToken, int ExpiresIn, string? IdToken, string? RefreshToken, ScopeSet Scopes);
