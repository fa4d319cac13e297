using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AuthServer.Engine.Jose;

/// <summary>A JSON Web Key (RFC 7517): RSA, EC or oct, public or private. Immutable; its members are valid base64url of the right size.</summary>
public sealed class JsonWebKey
{
    private readonly ConcurrentDictionary<string, SignatureVerifier?> _verifiers = new(StringComparer.Ordinal);

    internal JsonWebKey() { }

    public required string Kty { get; init; }
    public string? Kid { get; init; }
    public string? Alg { get; init; }
    public string? Use { get; init; }

    /// <summary>RFC 7517 §4.3. Null when the key does not say.</summary>
    public IReadOnlyList<string>? KeyOps { get; init; }
    public string? Crv { get; init; }
    public string? N { get; init; }
    public string? E { get; init; }
    public string? X { get; init; }
    public string? Y { get; init; }

    /// <summary>RFC 7518 §6.2.2, §6.3.2, §6.4: the secret members.</summary>
    internal PrivatePart? Private { get; init; }

    /// <summary>True for a private key and for a symmetric one; such a key has no business in a client's registered set (RFC 7591 §2).</summary>
    [MemberNotNullWhen(true, nameof(Private))]
    public bool HasPrivatePart => Private is not null;

    /// <summary>Bits of the modulus, the curve or the secret.</summary>
    public int KeySize { get; internal init; }

    public static bool TryParse(JsonElement json, [NotNullWhen(true)] out JsonWebKey? key) => JsonWebKeyReader.TryRead(json, out key);

    /// <summary>For keys that are ours, where a failure is a bug or a broken configuration.</summary>
    public static JsonWebKey Parse(string json)
    {
        if (StrictJson.TryParseObject(Encoding.UTF8.GetBytes(json), out var element) && TryParse(element, out var key)) return key;
        throw new FormatException("Not a JSON Web Key that is understood.");
    }

    public static JsonWebKey FromRsa(RSA rsa, bool includePrivate, string? kid = null, string? alg = null, string? use = "sig")
    {
        var p = rsa.ExportParameters(includePrivate);
        return new JsonWebKey
        {
            Kty = KeyTypes.Rsa, Kid = kid, Alg = alg, Use = use, KeySize = rsa.KeySize, N = Text(p.Modulus!), E = Text(p.Exponent!),
            Private = includePrivate
                ? new PrivatePart { D = Text(p.D!), P = Text(p.P!), Q = Text(p.Q!), Dp = Text(p.DP!), Dq = Text(p.DQ!), Qi = Text(p.InverseQ!) }
                : null,
        };
    }

    public static JsonWebKey FromEcdsa(ECDsa ecdsa, bool includePrivate, string? kid = null, string? alg = null, string? use = "sig") =>
        FromEc(ecdsa.ExportParameters(includePrivate), ecdsa.KeySize, kid, alg, use);

    /// <summary>A key to receive encrypted content with.</summary>
    public static JsonWebKey FromEcdh(ECDiffieHellman ecdh, bool includePrivate, string? kid = null, string? alg = null) =>
        FromEc(ecdh.ExportParameters(includePrivate), ecdh.KeySize, kid, alg, use: "enc");

    /// <summary>A shared secret. The only way besides a JWK of type <c>oct</c> to a key that HS256 works with.</summary>
    public static JsonWebKey FromSymmetric(ReadOnlySpan<byte> secret, string? kid = null) => new()
    {
        Kty = KeyTypes.Oct, Kid = kid, KeySize = secret.Length * 8, Private = new PrivatePart { K = Base64Url.EncodeToString(secret) },
    };

    /// <summary>The same key under a name, e.g. its own thumbprint.</summary>
    public JsonWebKey WithKid(string kid) => new()
    {
        Kty = Kty, Kid = kid, Alg = Alg, Use = Use, KeyOps = KeyOps, Crv = Crv, N = N, E = E, X = X, Y = Y, Private = Private, KeySize = KeySize,
    };

    /// <summary>The same key without what must stay secret.</summary>
    public JsonWebKey ToPublic()
    {
        if (Kty == KeyTypes.Oct) throw new InvalidOperationException("A symmetric key has no public part.");
        return new JsonWebKey { Kty = Kty, Kid = Kid, Alg = Alg, Use = Use, Crv = Crv, N = N, E = E, X = X, Y = Y, KeySize = KeySize };
    }

    public void WritePublic(Utf8JsonWriter writer)
    {
        if (Kty == KeyTypes.Oct) throw new InvalidOperationException("A symmetric key has no public part.");
        JsonWebKeyWriter.Write(writer, this, includePrivate: false);
    }

    /// <summary>All of it. For key storage only.</summary>
    public void WritePrivate(Utf8JsonWriter writer) => JsonWebKeyWriter.Write(writer, this, includePrivate: true);

    /// <summary>RFC 7638 §3: base64url of the SHA-256 of the required members in lexicographic order.</summary>
    public string Thumbprint()
    {
        // The members are base64url or names from our own table, so nothing in them needs escaping (RFC 7638 §3.3).
        var json = Kty switch
        {
            KeyTypes.Ec => $$"""{"crv":"{{Crv}}","kty":"EC","x":"{{X}}","y":"{{Y}}"}""",
            KeyTypes.Rsa => $$"""{"e":"{{E}}","kty":"RSA","n":"{{N}}"}""",
            _ => $$"""{"k":"{{Private!.K}}","kty":"oct"}""",
        };
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(json)));
    }

    /// <summary>True when the key's type, curve, <c>alg</c>, <c>use</c> and <c>key_ops</c> allow it to verify with this algorithm.</summary>
    public bool Fits(SignatureAlgorithm algorithm) =>
        Kty == algorithm.Kty
        && Crv == algorithm.Crv
        && (Alg is null || Alg == algorithm.Name)
        && Use is null or "sig"
        && (KeyOps is null || KeyOps.Contains("verify") || KeyOps.Contains("sign"));

    /// <summary>Null when the key does not fit the algorithm or is too weak for it. Kept per algorithm: the crypto object is made once.</summary>
    public SignatureVerifier? CreateVerifier(SignatureAlgorithm algorithm) =>
        _verifiers.GetOrAdd(algorithm.Name, static (_, of) => of.Key.Fits(of.Algorithm) ? SignatureVerifier.Create(of.Key, of.Algorithm) : null,
            (Key: this, Algorithm: algorithm));

    internal RSAParameters ToRsaParameters(bool includePrivate)
    {
        var p = new RSAParameters { Modulus = Bytes(N!), Exponent = Bytes(E!) };
        if (!includePrivate || Private is null) return p;
        (p.D, p.P, p.Q) = (Bytes(Private.D!), Bytes(Private.P!), Bytes(Private.Q!));
        (p.DP, p.DQ, p.InverseQ) = (Bytes(Private.Dp!), Bytes(Private.Dq!), Bytes(Private.Qi!));
        // A short number may be written without its leading zeros; the platform wants fixed sizes.
        var half = (p.Modulus.Length + 1) / 2;
        p.D = Pad(p.D, p.Modulus.Length);
        (p.P, p.Q, p.DP, p.DQ, p.InverseQ) = (Pad(p.P, half), Pad(p.Q, half), Pad(p.DP, half), Pad(p.DQ, half), Pad(p.InverseQ, half));
        return p;
    }

    internal ECParameters ToEcParameters(bool includePrivate) => new()
    {
        Curve = EllipticCurve.Find(Crv)!.Curve,
        Q = new ECPoint { X = Bytes(X!), Y = Bytes(Y!) },
        D = includePrivate && Private is not null ? Bytes(Private.D!) : null,
    };

    private static JsonWebKey FromEc(ECParameters p, int keySize, string? kid, string? alg, string? use) => new()
    {
        Kty = KeyTypes.Ec, Kid = kid, Alg = alg, Use = use, KeySize = keySize, Crv = EllipticCurve.Of(keySize).Name, X = Text(p.Q.X!), Y = Text(p.Q.Y!),
        Private = p.D is null ? null : new PrivatePart { D = Text(p.D) },
    };

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    internal static byte[] Bytes(string text) => Base64Url.DecodeFromChars(text);

    private static byte[] Pad(byte[] value, int size)
    {
        if (value.Length >= size) return value;
        var padded = new byte[size];
        value.CopyTo(padded, size - value.Length);
        return padded;
    }

    /// <summary>Kept apart so that writing a public key cannot reach it by accident.</summary>
    internal sealed class PrivatePart
    {
        public string? D { get; init; }
        public string? P { get; init; }
        public string? Q { get; init; }
        public string? Dp { get; init; }
        public string? Dq { get; init; }
        public string? Qi { get; init; }
        public string? K { get; init; }
    }
}
