using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Clients;

/// <summary>A registered client, immutable. Property names are the metadata names of RFC 7591 §2 and its extensions; what no specification names is said so.</summary>
public sealed record Client
{
    public required string ClientId { get; init; }
    public string? ClientName { get; init; }
    public string? ClientUri { get; init; }
    public string? LogoUri { get; init; }
    public string? PolicyUri { get; init; }
    public string? TosUri { get; init; }
    public IReadOnlyList<string> Contacts { get; init; } = [];

    /// <summary><c>web</c> or <c>native</c> (OpenID Connect Registration §2).</summary>
    public string ApplicationType { get; init; } = "web";
    public IReadOnlyList<string> RedirectUris { get; init; } = [];
    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];
    public IReadOnlyList<string> GrantTypes { get; init; } = [Protocol.GrantTypes.AuthorizationCode];

    /// <summary>Each entry with its words in the order of <see cref="Clients.ResponseTypes"/>.</summary>
    public IReadOnlyList<string> ResponseTypes { get; init; } = ["code"];

    /// <summary>The scopes the client may ask for; null: every scope that is not reserved.</summary>
    public ScopeSet? Scope { get; init; }

    public string TokenEndpointAuthMethod { get; init; } = "client_secret_basic";

    /// <summary>Null: any algorithm that fits the method and the key.</summary>
    public string? TokenEndpointAuthSigningAlg { get; init; }
    public IReadOnlyList<ClientSecret> Secrets { get; init; } = [];

    /// <summary>The JWK set by value, as JSON text.</summary>
    public string? Jwks { get; init; }
    public string? JwksUri { get; init; }

    /// <summary><c>public</c> or <c>pairwise</c> (OpenID Connect Core §8).</summary>
    public string SubjectType { get; init; } = "public";
    public string? SectorIdentifierUri { get; init; }
    public string IdTokenSignedResponseAlg { get; init; } = "RS256";
    public string? IdTokenEncryptedResponseAlg { get; init; }
    public string? IdTokenEncryptedResponseEnc { get; init; }
    public string? UserinfoSignedResponseAlg { get; init; }
    public string? UserinfoEncryptedResponseAlg { get; init; }
    public string? UserinfoEncryptedResponseEnc { get; init; }

    /// <summary>Seconds. Asked for when the request has no <c>max_age</c>.</summary>
    public int? DefaultMaxAge { get; init; }
    public bool RequireAuthTime { get; init; }
    public IReadOnlyList<string> DefaultAcrValues { get; init; } = [];

    /// <summary>RFC 9126 §6.</summary>
    public bool RequirePushedAuthorizationRequests { get; init; }

    // From here on: settings of this server.

    /// <summary>False: PKCE is not asked of this client. Only for clients that cannot be changed.</summary>
    public bool RequirePkce { get; init; } = true;

    /// <summary>In OpenIddict's words: <c>explicit</c> asks the user and remembers; <c>implicit</c> never asks (first-party).</summary>
    public string ConsentType { get; init; } = ConsentTypes.Explicit;

    /// <summary><c>jwt</c> (RFC 9068) or <c>opaque</c>.</summary>
    public string AccessTokenFormat { get; init; } = AccessTokenFormats.Jwt;
    public string AccessTokenSignedResponseAlg { get; init; } = "ES256";

    /// <summary>Seconds. Null: the server's default.</summary>
    public int? AccessTokenLifetime { get; init; }

    /// <summary>Seconds from the grant's beginning to its absolute end. Null: the server's default.</summary>
    public int? RefreshTokenLifetime { get; init; }

    /// <summary>Seconds a refresh token lives unused; each rotation extends it, never past the absolute end. Null: no sliding.</summary>
    public int? RefreshTokenIdleLifetime { get; init; }

    /// <summary>Resource indicators (RFC 8707) the client may name. Empty: those of the scopes it may ask for.</summary>
    public IReadOnlyList<string> AllowedResources { get; init; } = [];

    /// <summary>What the client is told of a person's place in the directory without asking for it by a scope: <c>roles</c>, <c>groups</c>, <c>permissions</c>, <c>org</c>.</summary>
    public IReadOnlyList<string> DirectoryClaims { get; init; } = [];

    /// <summary>ID tokens carry what the scopes release (OpenID Connect Core §5.4), for clients that ask UserInfo for nothing.</summary>
    public bool UserClaimsInIdToken { get; init; }

    /// <summary>How the pages look for a request of this client; null: as everywhere.</summary>
    public ClientBranding? Branding { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>Seeded for trying things out. Production refuses to start with one.</summary>
    public bool Development { get; init; }

    /// <summary>A client that can keep a secret (RFC 6749 §2.1).</summary>
    public bool IsConfidential => !string.Equals(TokenEndpointAuthMethod, "none", StringComparison.Ordinal);

    public bool IsNative => string.Equals(ApplicationType, "native", StringComparison.Ordinal);

    public bool IsPairwise => string.Equals(SubjectType, "pairwise", StringComparison.Ordinal);

    public bool Allows(string grantType) => GrantTypes.Contains(grantType, StringComparer.Ordinal);

    /// <summary>The name a person reads.</summary>
    public string DisplayName => ClientName ?? ClientId;
}

/// <summary>The member <c>branding</c> of a client's metadata. Its logo is the standard <c>logo_uri</c>.</summary>
public sealed record ClientBranding
{
    /// <summary>Buttons and links, as #rgb or #rrggbb. A colour that cannot be read is corrected as the deployment's own is.</summary>
    public string? AccentColor { get; init; }

    /// <summary>Pixels, 0 to 24.</summary>
    public int? CornerRadius { get; init; }
}

public static class ConsentTypes
{
    public const string Explicit = "explicit";
    public const string Implicit = "implicit";
}

public static class AccessTokenFormats
{
    public const string Jwt = "jwt";
    public const string Opaque = "opaque";
}

/// <summary>The response types of OAuth 2.0 Multiple Response Types, each with its words in one canonical order.</summary>
public static class ResponseTypes
{
    public static readonly IReadOnlyList<string> All = ["code", "id_token", "id_token token", "code id_token", "code token", "code id_token token"];

    /// <summary>Word order is free on the wire (§2.1). Null for anything else than the six.</summary>
    public static string? Canonical(string responseType)
    {
        var words = responseType.Split(' ');
        Array.Sort(words, StringComparer.Ordinal);
        var sorted = string.Join(' ', words);
        foreach (var known in All)
        {
            if (string.Equals(known, sorted, StringComparison.Ordinal)) return known;
        }

        return null;
    }
}
