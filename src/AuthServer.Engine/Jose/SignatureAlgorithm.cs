using System.Diagnostics;
using System.Security.Cryptography;

namespace AuthServer.Engine.Jose;

/// <summary>The one table of signature algorithms (RFC 7518 §3.1). What is not in it does not exist here; <c>none</c> never will.</summary>
public sealed record SignatureAlgorithm
{
    public static readonly SignatureAlgorithm RS256 = Rsa("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    public static readonly SignatureAlgorithm RS384 = Rsa("RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
    public static readonly SignatureAlgorithm RS512 = Rsa("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1);
    public static readonly SignatureAlgorithm PS256 = Rsa("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    public static readonly SignatureAlgorithm PS384 = Rsa("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss);
    public static readonly SignatureAlgorithm PS512 = Rsa("PS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pss);
    public static readonly SignatureAlgorithm ES256 = Ec("ES256", "P-256", HashAlgorithmName.SHA256);
    public static readonly SignatureAlgorithm ES384 = Ec("ES384", "P-384", HashAlgorithmName.SHA384);
    public static readonly SignatureAlgorithm ES512 = Ec("ES512", "P-521", HashAlgorithmName.SHA512);

    /// <summary>Works with a key of type <c>oct</c> only, so that a public key can never be taken for its secret (RFC 8725 §2.1).</summary>
    public static readonly SignatureAlgorithm HS256 = new("HS256", KeyTypes.Oct, HashAlgorithmName.SHA256);

    private static readonly SignatureAlgorithm[] _asymmetric = [ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512];
    private static readonly SignatureAlgorithm[] _all = [.. _asymmetric, HS256];

    private SignatureAlgorithm(string name, string kty, HashAlgorithmName hash)
    {
        Name = name;
        Kty = kty;
        Hash = hash;
    }

    /// <summary>The value of <c>alg</c>.</summary>
    public string Name { get; }

    /// <summary>The one key type it works with (RFC 7518 §6.1).</summary>
    public string Kty { get; }

    /// <summary>The one curve it works with; null unless <see cref="Kty"/> is <c>EC</c>.</summary>
    public string? Crv { get; private init; }
    public HashAlgorithmName Hash { get; }
    internal RSASignaturePadding? Padding { get; private init; }

    public bool IsSymmetric => Kty == KeyTypes.Oct;

    /// <summary>Bytes of the hash.</summary>
    internal int HashSize => Hash == HashAlgorithmName.SHA256 ? 32 : Hash == HashAlgorithmName.SHA384 ? 48 : 64;

    /// <summary>What discovery announces, the cheapest to sign with first.</summary>
    public static IReadOnlyList<SignatureAlgorithm> Asymmetric => _asymmetric;

    public static IReadOnlyList<SignatureAlgorithm> All => _all;

    /// <summary>Null for an unknown name and for <c>none</c>. Names are case-sensitive (RFC 7515 §4.1.1).</summary>
    public static SignatureAlgorithm? Find(string? name)
    {
        foreach (var algorithm in _all)
            if (string.Equals(algorithm.Name, name, StringComparison.Ordinal)) return algorithm;
        return null;
    }

    /// <summary>Writes the hash; returns its part of <paramref name="destination"/>, which holds at least 64 bytes.</summary>
    internal ReadOnlySpan<byte> HashInto(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        var written = HashSize switch
        {
            32 => SHA256.HashData(data, destination),
            48 => SHA384.HashData(data, destination),
            64 => SHA512.HashData(data, destination),
            _ => throw new UnreachableException(),
        };
        return destination[..written];
    }

    public override string ToString() => Name;

    private static SignatureAlgorithm Rsa(string name, HashAlgorithmName hash, RSASignaturePadding padding) =>
        new(name, KeyTypes.Rsa, hash) { Padding = padding };

    private static SignatureAlgorithm Ec(string name, string crv, HashAlgorithmName hash) =>
        new(name, KeyTypes.Ec, hash) { Crv = crv };
}
