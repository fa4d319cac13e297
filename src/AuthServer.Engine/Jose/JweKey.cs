using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AuthServer.Engine.Jose;

/// <summary>How sender and recipient come to the same content key (RFC 7518 §4.3, §4.6).</summary>
internal static class JweKey
{
    public static bool Fits(JsonWebKey key, string alg) =>
        (alg, key.Kty) is (Jwe.RsaOaep256, KeyTypes.Rsa) or (Jwe.EcdhEs, KeyTypes.Ec)
        && (key.Kty != KeyTypes.Rsa || key.KeySize >= SignatureVerifier.MinRsaBits)
        && (key.Alg is null || key.Alg == alg)
        && key.Use is null or "enc";

    public static (byte[] Key, byte[] Encrypted, JsonWebKey? Ephemeral) Make(JsonWebKey recipient, ContentEncryption content)
    {
        if (recipient.Kty == KeyTypes.Rsa)
        {
            using var rsa = RSA.Create(recipient.ToRsaParameters(includePrivate: false));
            var key = RandomNumberGenerator.GetBytes(content.KeySize);
            return (key, rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256), null);
        }

        using var theirs = ECDiffieHellman.Create(recipient.ToEcParameters(includePrivate: false));
        using var ours = ECDiffieHellman.Create(EllipticCurve.Find(recipient.Crv)!.Curve);
        using var theirPublic = theirs.PublicKey;
        var agreed = ours.DeriveRawSecretAgreement(theirPublic);
        var derived = ConcatKdf.Derive(agreed, content.Name, [], [], content.KeySize);
        CryptographicOperations.ZeroMemory(agreed);
        var ephemeral = JsonWebKey.FromEcdh(ours, includePrivate: false);
        return (derived, [], new JsonWebKey { Kty = KeyTypes.Ec, Crv = ephemeral.Crv, X = ephemeral.X, Y = ephemeral.Y, KeySize = ephemeral.KeySize });
    }

    public static bool TryRecover(JsonWebKey key, JweParts parts, [NotNullWhen(true)] out byte[]? contentKey)
    {
        contentKey = null;
        try
        {
            contentKey = key.Kty == KeyTypes.Rsa ? Unwrap(key, parts) : Agree(key, parts);
            return contentKey is not null;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>
    /// A key that cannot be unwrapped is replaced by a random one, so that the failure shows up at the same place as a wrong tag (RFC 7516 §11.5).
    /// </summary>
    private static byte[] Unwrap(JsonWebKey key, JweParts parts)
    {
        var random = RandomNumberGenerator.GetBytes(parts.Encryption.KeySize);
        try
        {
            using var rsa = RSA.Create(key.ToRsaParameters(includePrivate: true));
            var unwrapped = rsa.Decrypt(parts.EncryptedKey, RSAEncryptionPadding.OaepSHA256);
            return unwrapped.Length == random.Length ? unwrapped : random;
        }
        catch (CryptographicException)
        {
            return random;
        }
    }

    private static byte[]? Agree(JsonWebKey key, JweParts parts)
    {
        // §4.6: direct agreement leaves the encrypted key empty.
        if (parts.EncryptedKey.Length != 0) return null;
        if (!parts.Header.TryGetProperty("epk", out var json) || !JsonWebKey.TryParse(json, out var ephemeral)) return null;
        if (ephemeral.Kty != KeyTypes.Ec || ephemeral.Crv != key.Crv || ephemeral.HasPrivatePart) return null;
        if (!TryReadParty(parts, "apu", out var partyU) || !TryReadParty(parts, "apv", out var partyV)) return null;

        // Importing refuses a point that is not on the curve, which would give away the private key bit by bit.
        using var theirs = ECDiffieHellman.Create(ephemeral.ToEcParameters(includePrivate: false));
        using var ours = ECDiffieHellman.Create(key.ToEcParameters(includePrivate: true));
        using var theirPublic = theirs.PublicKey;
        var agreed = ours.DeriveRawSecretAgreement(theirPublic);
        var derived = ConcatKdf.Derive(agreed, parts.Encryption.Name, partyU, partyV, parts.Encryption.KeySize);
        CryptographicOperations.ZeroMemory(agreed);
        return derived;
    }

    private static bool TryReadParty(JweParts parts, string name, out byte[] party)
    {
        party = [];
        if (!StrictJson.TryGetOptionalString(parts.Header, name, out var text)) return false;
        if (text is null) return true;
        if (!StrictBase64Url.TryDecode(text, out var bytes)) return false;
        party = bytes;
        return true;
    }
}
