using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.Jose;

/// <summary>
/// A key that signs, with its one algorithm. Keeps the platform's crypto object alive, because making one costs more than a signature; sharing it between
/// threads is safe (each signature has its own OpenSSL context) and a test holds us to that.
/// </summary>
public abstract class SigningCredential : IDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> _headers = new(StringComparer.Ordinal);

    private SigningCredential(SignatureAlgorithm algorithm, string? kid, int signatureSize)
    {
        Algorithm = algorithm;
        Kid = kid;
        SignatureSize = signatureSize;
    }

    public string? Kid { get; }
    public SignatureAlgorithm Algorithm { get; }

    /// <summary>Bytes of every signature it makes.</summary>
    public int SignatureSize { get; }

    public abstract bool TrySign(ReadOnlySpan<byte> data, Span<byte> destination, out int written);

    public abstract void Dispose();

    /// <summary>Takes over <paramref name="rsa"/>: it is disposed with the credential.</summary>
    public static SigningCredential FromRsa(RSA rsa, SignatureAlgorithm algorithm, string? kid)
    {
        if (algorithm.Kty != KeyTypes.Rsa) throw new ArgumentException($"{algorithm.Name} does not work with an RSA key.", nameof(algorithm));
        if (rsa.KeySize < SignatureVerifier.MinRsaBits) throw new ArgumentException("RFC 7518 §3.3 asks for at least 2048 bits.", nameof(rsa));
        return new RsaCredential(rsa, algorithm, kid);
    }

    /// <summary>Takes over <paramref name="ecdsa"/>: it is disposed with the credential.</summary>
    public static SigningCredential FromEcdsa(ECDsa ecdsa, SignatureAlgorithm algorithm, string? kid)
    {
        if (algorithm.Kty != KeyTypes.Ec || EllipticCurve.Of(ecdsa.KeySize) is var curve && curve.Name != algorithm.Crv)
            throw new ArgumentException($"{algorithm.Name} does not work with this key.", nameof(algorithm));
        return new EcCredential(ecdsa, algorithm, kid, 2 * curve.CoordinateSize);
    }

    /// <summary>From a private or symmetric JWK.</summary>
    public static SigningCredential FromJsonWebKey(JsonWebKey key, SignatureAlgorithm algorithm)
    {
        if (!key.HasPrivatePart || !key.Fits(algorithm)) throw new ArgumentException($"The key cannot sign with {algorithm.Name}.", nameof(key));
        return key.Kty switch
        {
            KeyTypes.Rsa => FromRsa(RSA.Create(key.ToRsaParameters(includePrivate: true)), algorithm, key.Kid),
            KeyTypes.Ec => FromEcdsa(ECDsa.Create(key.ToEcParameters(includePrivate: true)), algorithm, key.Kid),
            _ when key.KeySize >= SignatureVerifier.MinHmacBits => FromSharedSecret(JsonWebKey.Bytes(key.Private.K!), key.Kid),
            _ => throw new ArgumentException("RFC 7518 §3.2 asks for at least 256 bits.", nameof(key)),
        };
    }

    /// <summary>HS256 with a secret of any length, as old shared secrets are. Nothing that speaks OpenID Connect may use it.</summary>
    public static SigningCredential FromSharedSecret(ReadOnlySpan<byte> secret, string? kid = null) => new HmacCredential(secret.ToArray(), kid);

    /// <summary>base64url of the protected header; made once per <paramref name="typ"/>, of which a program has a handful.</summary>
    internal ReadOnlySpan<byte> ProtectedHeader(string typ) => _headers.GetOrAdd(typ, MakeHeader);

    private byte[] MakeHeader(string typ) => Encoding.ASCII.GetBytes(Base64Url.EncodeToString(JoseJson.Write(writer =>
    {
        writer.WriteString("alg", Algorithm.Name);
        writer.WriteString("typ", typ);
        if (Kid is not null) writer.WriteString("kid", Kid);
    })));

    private sealed class RsaCredential(RSA rsa, SignatureAlgorithm algorithm, string? kid) : SigningCredential(algorithm, kid, (rsa.KeySize + 7) / 8)
    {
        public override bool TrySign(ReadOnlySpan<byte> data, Span<byte> destination, out int written) =>
            rsa.TrySignHash(Algorithm.HashInto(data, stackalloc byte[64]), destination, Algorithm.Hash, Algorithm.Padding!, out written);

        public override void Dispose() => rsa.Dispose();
    }

    private sealed class EcCredential(ECDsa ecdsa, SignatureAlgorithm algorithm, string? kid, int size) : SigningCredential(algorithm, kid, size)
    {
        public override bool TrySign(ReadOnlySpan<byte> data, Span<byte> destination, out int written) =>
            ecdsa.TrySignHash(Algorithm.HashInto(data, stackalloc byte[64]), destination, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out written);

        public override void Dispose() => ecdsa.Dispose();
    }

    private sealed class HmacCredential(byte[] secret, string? kid) : SigningCredential(SignatureAlgorithm.HS256, kid, HMACSHA256.HashSizeInBytes)
    {
        public override bool TrySign(ReadOnlySpan<byte> data, Span<byte> destination, out int written) =>
            HMACSHA256.TryHashData(secret, data, destination, out written);

        public override void Dispose() => CryptographicOperations.ZeroMemory(secret);
    }
}
