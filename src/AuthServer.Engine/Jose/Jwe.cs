using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.Jose;

/// <summary>Encrypted content in its compact form (RFC 7516 §7.1), by RSA-OAEP-256 or direct ECDH-ES.</summary>
public static class Jwe
{
    public const string RsaOaep256 = "RSA-OAEP-256";
    public const string EcdhEs = "ECDH-ES";

    /// <summary>Values of <c>alg</c>, as discovery announces them.</summary>
    public static IReadOnlyList<string> KeyAlgorithms { get; } = [RsaOaep256, EcdhEs];

    /// <summary>Values of <c>enc</c>, as discovery announces them.</summary>
    public static IReadOnlyList<string> ContentAlgorithms { get; } = [.. ContentEncryption.All.Select(one => one.Name)];

    /// <summary>Asked when a client registers, so that <see cref="Encrypt"/> cannot fail later.</summary>
    public static bool CanEncrypt(JsonWebKey recipient, string alg, string enc)
    {
        if (ContentEncryption.Find(enc) is null || !JweKey.Fits(recipient, alg)) return false;
        try
        {
            if (recipient.Kty == KeyTypes.Rsa) RSA.Create(recipient.ToRsaParameters(includePrivate: false)).Dispose();
            else ECDiffieHellman.Create(recipient.ToEcParameters(includePrivate: false)).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <param name="recipient">Its public key; <see cref="CanEncrypt"/> said yes to it.</param>
    /// <param name="alg">One of <see cref="KeyAlgorithms"/>.</param>
    /// <param name="enc">One of <see cref="ContentAlgorithms"/>.</param>
    /// <param name="plaintext">Any bytes.</param>
    /// <param name="cty"><c>JWT</c> when the content is itself a token (RFC 7519 §5.2).</param>
    public static string Encrypt(JsonWebKey recipient, string alg, string enc, ReadOnlySpan<byte> plaintext, string? cty = null)
    {
        if (ContentEncryption.Find(enc) is not { } content) throw new ArgumentException("Not a content encryption that is supported.", nameof(enc));
        if (!JweKey.Fits(recipient, alg)) throw new ArgumentException("The key does not fit the algorithm.", nameof(recipient));

        var (key, encryptedKey, ephemeral) = JweKey.Make(recipient, content);
        var header = Base64Url.EncodeToString(Header(recipient, alg, enc, cty, ephemeral));
        var iv = RandomNumberGenerator.GetBytes(content.IvSize);
        var (ciphertext, tag) = content.Encrypt(key, iv, plaintext, Encoding.ASCII.GetBytes(header));
        CryptographicOperations.ZeroMemory(key);
        return string.Join('.', header, Text(encryptedKey), Text(iv), Text(ciphertext), Text(tag));
    }

    /// <summary>Sign then encrypt: a nested JWT (RFC 7519 §11.2).</summary>
    public static string EncryptJwt(JsonWebKey recipient, string alg, string enc, string signedJwt) =>
        Encrypt(recipient, alg, enc, Encoding.ASCII.GetBytes(signedJwt), "JWT");

    /// <summary>
    /// False, and nothing more, for whatever is wrong: a sender learns nothing from the way it fails (RFC 7516 §11.5). The keys decide the algorithm:
    /// each works with the one of its own type.
    /// </summary>
    /// <param name="compact">Five parts.</param>
    /// <param name="keys">Private keys.</param>
    /// <param name="content">What was inside.</param>
    /// <param name="maxLength">Characters.</param>
    public static bool TryDecrypt(
        string compact, JsonWebKeySet keys, [NotNullWhen(true)] out JweContent? content, int maxLength = 2 * CompactJws.DefaultMaxLength)
    {
        content = null;
        if (compact.Length > maxLength || !JweParts.TryRead(compact, out var parts)) return false;

        foreach (var key in keys.Keys)
        {
            if (parts.Kid is not null && key.Kid is not null && key.Kid != parts.Kid) continue;
            if (!key.HasPrivatePart || !JweKey.Fits(key, parts.Alg) || !JweKey.TryRecover(key, parts, out var contentKey)) continue;

            var ok = parts.Encryption.TryDecrypt(contentKey, parts.Iv, parts.Ciphertext, parts.Tag, parts.Additional, out var plaintext);
            CryptographicOperations.ZeroMemory(contentKey);
            if (!ok) continue;
            content = new JweContent(plaintext!, parts.Cty, parts.Alg, parts.Encryption.Name, key);
            return true;
        }
        return false;
    }

    public static bool TryDecrypt(string compact, JsonWebKey key, [NotNullWhen(true)] out JweContent? content) =>
        TryDecrypt(compact, new JsonWebKeySet([key]), out content);

    private static byte[] Header(JsonWebKey recipient, string alg, string enc, string? cty, JsonWebKey? ephemeral) => JoseJson.Write(writer =>
    {
        writer.WriteString("alg", alg);
        writer.WriteString("enc", enc);
        if (cty is not null) writer.WriteString("cty", cty);
        if (recipient.Kid is not null) writer.WriteString("kid", recipient.Kid);
        if (ephemeral is null) return;
        writer.WritePropertyName("epk");
        ephemeral.WritePublic(writer);
    });

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}

/// <summary>What a JWE held, and how it came.</summary>
public sealed record JweContent(ReadOnlyMemory<byte> Plaintext, string? Cty, string Alg, string Enc, JsonWebKey Recipient)
{
    /// <summary>The token inside, if the header says that there is one.</summary>
    public string? NestedJwt => JwtType.Required("JWT").Accepts(Cty) ? Encoding.UTF8.GetString(Plaintext.Span) : null;

    /// <summary>Never the content.</summary>
    public override string ToString() => $"{Alg} {Enc}";
}
