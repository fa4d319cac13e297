using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AuthServer.Engine.Jose;

/// <summary>How the content of a JWE is encrypted (RFC 7518 §5). The CBC forms are here because OpenID Connect makes one of them its default.</summary>
internal sealed record ContentEncryption(string Name, int KeySize, int IvSize, int TagSize, bool IsCbc)
{
    public static readonly ContentEncryption[] All =
    [
        new("A128GCM", KeySize: 16, IvSize: 12, TagSize: 16, IsCbc: false),
        new("A256GCM", KeySize: 32, IvSize: 12, TagSize: 16, IsCbc: false),
        new("A128CBC-HS256", KeySize: 32, IvSize: 16, TagSize: 16, IsCbc: true),
        new("A256CBC-HS512", KeySize: 64, IvSize: 16, TagSize: 32, IsCbc: true),
    ];

    public static ContentEncryption? Find(string? name) => Array.Find(All, one => one.Name == name);

    public (byte[] Ciphertext, byte[] Tag) Encrypt(byte[] key, byte[] iv, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> additional)
    {
        if (IsCbc)
        {
            using var aes = Aes.Create();
            aes.Key = key[(KeySize / 2)..];
            var encrypted = aes.EncryptCbc(plaintext, iv);
            return (encrypted, Mac(key, iv, encrypted, additional));
        }
        var ciphertext = new byte[plaintext.Length];
        var tag = new byte[TagSize];
        using var gcm = new AesGcm(key, TagSize);
        gcm.Encrypt(iv, plaintext, ciphertext, tag, additional);
        return (ciphertext, tag);
    }

    /// <summary>The tag is checked before anything is decrypted or unpadded, so there is no padding to ask questions about.</summary>
    public bool TryDecrypt(
        byte[] key, byte[] iv, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> additional, [NotNullWhen(true)] out byte[]? plaintext)
    {
        plaintext = null;
        if (key.Length != KeySize || iv.Length != IvSize || tag.Length != TagSize) return false;
        try
        {
            if (IsCbc)
            {
                if (!CryptographicOperations.FixedTimeEquals(Mac(key, iv, ciphertext, additional), tag)) return false;
                using var aes = Aes.Create();
                aes.Key = key[(KeySize / 2)..];
                plaintext = aes.DecryptCbc(ciphertext, iv);
                return true;
            }
            var result = new byte[ciphertext.Length];
            using var gcm = new AesGcm(key, TagSize);
            gcm.Decrypt(iv, ciphertext, tag, result, additional);
            plaintext = result;
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>RFC 7518 §5.2.2.1: the first half of the key, over the header, the vector, the ciphertext and the header's length in bits.</summary>
    private byte[] Mac(byte[] key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> additional)
    {
        Span<byte> bits = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bits, (ulong)additional.Length * 8);
        var hash = KeySize == 32 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512;
        using var hmac = IncrementalHash.CreateHMAC(hash, key.AsSpan(0, KeySize / 2));
        hmac.AppendData(additional);
        hmac.AppendData(iv);
        hmac.AppendData(ciphertext);
        hmac.AppendData(bits);
        return hmac.GetHashAndReset()[..TagSize];
    }
}
