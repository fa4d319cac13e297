using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Tokens;

/// <summary>
/// A refresh token: <c>family.secret</c>, two handles. The family finds the grant's row for every generation there ever was, so an old token is recognised as
/// reuse; the secret is good once.
/// </summary>
public readonly struct RefreshToken
{
    private RefreshToken(Handle family, Handle secret) => (Family, Secret) = (family, secret);

    public Handle Family { get; }

    public Handle Secret { get; }

    public static RefreshToken New() => new(Handle.New(), Handle.New());

    /// <summary>The same family, the next secret.</summary>
    public RefreshToken Next() => new(Family, Handle.New());

    public RefreshToken WithSecret(Handle secret) => new(Family, secret);

    public static bool TryRead([NotNullWhen(true)] string? text, out RefreshToken token)
    {
        token = default;
        if (text is not { Length: (2 * Handle.Length) + 1 } || text[Handle.Length] != '.') return false;
        if (!Handle.TryRead(text[..Handle.Length], out var family) || !Handle.TryRead(text[(Handle.Length + 1)..], out var secret)) return false;
        token = new RefreshToken(family, secret);
        return true;
    }

    /// <summary>The wire form. Only for the response that hands it out.</summary>
    public string Reveal() => Family.Reveal() + "." + Secret.Reveal();

    /// <summary>
    /// Encrypts the next secret under a key that only the holder of this one can derive: whoever repeats the request can have the same answer,
    /// a reader of the database cannot. AES-256-GCM with a fixed nonce: the key is used for this one message.
    /// </summary>
    public byte[] Seal(Handle successor)
    {
        var plaintext = Base64Url.DecodeFromChars(successor.Reveal());
        var sealedBytes = new byte[plaintext.Length + 16];
        using var aes = new AesGcm(SealingKey(), 16);
        aes.Encrypt(new byte[12], plaintext, sealedBytes.AsSpan(16), sealedBytes.AsSpan(0, 16));
        return sealedBytes;
    }

    public bool TryUnseal(ReadOnlySpan<byte> sealedBytes, out Handle successor)
    {
        successor = default;
        if (sealedBytes.Length <= 16) return false;
        var plaintext = new byte[sealedBytes.Length - 16];
        try
        {
            using var aes = new AesGcm(SealingKey(), 16);
            aes.Decrypt(new byte[12], sealedBytes[16..], sealedBytes[..16], plaintext);
        }
        catch (CryptographicException)
        {
            return false;
        }

        return Handle.TryRead(Base64Url.EncodeToString(plaintext), out successor);
    }

    private byte[] SealingKey() =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(Secret.Reveal()), 32, info: "authserver/refresh-successor"u8.ToArray());

    public override string ToString() => "***";
}
