using System.Security.Cryptography;

namespace AuthServer.Engine.Jose;

/// <summary>The curves of RFC 7518 §6.2.1.1.</summary>
internal sealed record EllipticCurve(string Name, ECCurve Curve, int CoordinateSize)
{
    private static readonly EllipticCurve[] _all =
    [
        new("P-256", ECCurve.NamedCurves.nistP256, 32),
        new("P-384", ECCurve.NamedCurves.nistP384, 48),
        new("P-521", ECCurve.NamedCurves.nistP521, 66),
    ];

    public static EllipticCurve? Find(string? name) => Array.Find(_all, curve => curve.Name == name);

    /// <summary>By key size, because platforms disagree about how they name the curve of an exported key.</summary>
    public static EllipticCurve Of(int keySize) =>
        Array.Find(_all, curve => (keySize + 7) / 8 == curve.CoordinateSize) ?? throw new ArgumentException("Not a NIST curve.", nameof(keySize));
}
