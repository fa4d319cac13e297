using System.Diagnostics.CodeAnalysis;

namespace AuthServer.Engine.Jose;

/// <summary>A JWT whose type, algorithm and signature are right. There is no other way to hold one than <see cref="TryVerify"/>.</summary>
public sealed class VerifiedJwt
{
    private VerifiedJwt(UnverifiedJwt token, JsonWebKey signer)
    {
        Jws = token.Jws;
        Claims = token.UnverifiedClaims;
        Signer = signer;
    }

    public CompactJws Jws { get; }
    public JwtClaims Claims { get; }
    public JsonWebKey Signer { get; }

    /// <summary>Type before signature: a token made for another purpose is not worth the arithmetic.</summary>
    internal static bool TryVerify(
        UnverifiedJwt token, JsonWebKeySet keys, IReadOnlyList<SignatureAlgorithm> allowed, JwtType type,
        [NotNullWhen(true)] out VerifiedJwt? verified, out JwtFault fault)
    {
        verified = null;
        if (!type.Accepts(token.Jws.Typ))
        {
            fault = JwtFault.WrongType;
            return false;
        }
        if (!token.Jws.TryVerify(keys, allowed, out var signer, out fault)) return false;
        verified = new VerifiedJwt(token, signer);
        return true;
    }
}
