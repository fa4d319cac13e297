using System.Security.Cryptography;

namespace AuthServer.Engine.Jose;

/// <summary>
/// One key with one algorithm, ready to verify; thread-safe and reusable. Made by <see cref="JsonWebKey.CreateVerifier"/>, so an algorithm can only ever
/// meet a key of its own type.
/// </summary>
public abstract class SignatureVerifier
{
    /// <summary>RFC 7518 §3.3: a key of at least 2048 bits.</summary>
    public const int MinRsaBits = 2048;

    /// <summary>RFC 7518 §3.2: a key at least as long as the hash.</summary>
    public const int MinHmacBits = 256;

    private SignatureVerifier(SignatureAlgorithm algorithm) => Algorithm = algorithm;

    public SignatureAlgorithm Algorithm { get; }

    /// <summary>Never throws: a signature of the wrong size or form is a wrong signature.</summary>
    public bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        try
        {
            return VerifySignature(content, signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    protected abstract bool VerifySignature(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature);

    /// <summary>
    /// For old shared secrets that are shorter than RFC 7518 §3.2 allows. Nothing that speaks OpenID Connect may use it.
    /// </summary>
    public static SignatureVerifier FromSharedSecret(ReadOnlySpan<byte> secret) => new Hmac(secret.ToArray());

    internal static SignatureVerifier? Create(JsonWebKey key, SignatureAlgorithm algorithm)
    {
        try
        {
            switch (key.Kty)
            {
                case KeyTypes.Rsa when key.KeySize >= MinRsaBits:
                    return new Rsa(RSA.Create(key.ToRsaParameters(includePrivate: false)), algorithm);
                case KeyTypes.Ec:
                    return new Ec(ECDsa.Create(key.ToEcParameters(includePrivate: false)), algorithm);
                case KeyTypes.Oct when key.KeySize >= MinHmacBits:
                    return new Hmac(JsonWebKey.Bytes(key.Private!.K!));
                default:
                    return null;
            }
        }
        catch (CryptographicException)
        {
            // A point that is not on its curve, or a modulus the platform refuses.
            return null;
        }
    }

    private sealed class Rsa(RSA rsa, SignatureAlgorithm algorithm) : SignatureVerifier(algorithm)
    {
        protected override bool VerifySignature(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
        {
            var hash = Algorithm.HashInto(content, stackalloc byte[64]);
            return rsa.VerifyHash(hash, signature, Algorithm.Hash, Algorithm.Padding!);
        }
    }

    private sealed class Ec(ECDsa ecdsa, SignatureAlgorithm algorithm) : SignatureVerifier(algorithm)
    {
        protected override bool VerifySignature(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
        {
            var hash = Algorithm.HashInto(content, stackalloc byte[64]);
            return ecdsa.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    private sealed class Hmac(byte[] secret) : SignatureVerifier(SignatureAlgorithm.HS256)
    {
        protected override bool VerifySignature(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
        {
            Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(secret, content, expected);
            return CryptographicOperations.FixedTimeEquals(expected, signature);
        }
    }
}
