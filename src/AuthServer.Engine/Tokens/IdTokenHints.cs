using AuthServer.Engine.Jose;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Tokens;

/// <summary>An ID token that came back to us as <c>id_token_hint</c>.</summary>
public sealed record IdTokenHint(string Subject, IReadOnlyList<string> Audiences, string? SessionId);

/// <summary>Reads <c>id_token_hint</c> (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2): our signature and issuer, retired keys too, the expiry ignored.</summary>
public sealed class IdTokenHints(KeyRing keys, Issuer issuer)
{
    /// <summary>Null where it is not an ID token of ours.</summary>
    public IdTokenHint? Read(string hint)
    {
        if (!Jwt.Read(hint).TryGet(out var read, out _)) return null;
        if (!Jwt.TryVerify(read, keys.PublicKeys, SignatureAlgorithm.Asymmetric, JwtType.IdToken, out var verified, out _)) return null;
        var claims = verified.Claims;
        if (!string.Equals(claims.Issuer, issuer.Identifier, StringComparison.Ordinal) || claims.Subject is null || claims.Audience.Count == 0 || claims.IssuedAt is null || claims.ExpiresAt is null) return null;
        return claims.TryGetOptionalString("sid", out var sid) ? new IdTokenHint(claims.Subject, claims.Audience, sid) : null;
    }
}
