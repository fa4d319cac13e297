using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.Keys;

/// <summary>
/// Wraps what must not lie in the database in the clear: signing keys, secrets that have to be readable, the Data Protection ring. One configured
/// key, independent of Data Protection, from which a key per purpose is derived (HKDF, RFC 5869), so that what is wrapped for one purpose opens for no other.
/// </summary>
public sealed class KeyEncryption : IDisposable
{
    public const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const byte Version = 1;

    private readonly byte[] _root;

    public KeyEncryption(ReadOnlySpan<byte> root)
    {
        if (root.Length != KeySize) throw new ArgumentException($"The key-encryption key has {root.Length} bytes; it needs {KeySize}.", nameof(root));
        _root = root.ToArray();
    }

    /// <summary>AES-256-GCM: version, nonce, tag, ciphertext.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> plaintext, string purpose)
    {
        var wrapped = new byte[1 + NonceSize + TagSize + plaintext.Length];
        wrapped[0] = Version;
        var nonce = wrapped.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(Derive(purpose), TagSize);
        aes.Encrypt(nonce, plaintext, wrapped.AsSpan(1 + NonceSize + TagSize), wrapped.AsSpan(1 + NonceSize, TagSize), Encoding.UTF8.GetBytes(purpose));
        return wrapped;
    }

    /// <exception cref="CryptographicException">The key-encryption key is another one than it was wrapped with, or the bytes were changed.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, string purpose)
    {
        if (wrapped.Length < 1 + NonceSize + TagSize || wrapped[0] != Version) throw new CryptographicException("Not a value wrapped by this program.");
        var plaintext = new byte[wrapped.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(Derive(purpose), TagSize);
        aes.Decrypt(wrapped.Slice(1, NonceSize), wrapped[(1 + NonceSize + TagSize)..], wrapped.Slice(1 + NonceSize, TagSize), plaintext, Encoding.UTF8.GetBytes(purpose));
        return plaintext;
    }

    /// <summary>A key of its own for <paramref name="purpose"/>, the same as long as the key-encryption key is.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _root, KeySize, info: Encoding.UTF8.GetBytes("authserver/" + purpose));

    /// <summary>From the options, or from the file, which is made (readable by its owner only) where it is missing.</summary>
    public static KeyEncryption Open(KeyOptions options, string defaultFile)
    {
        if (options.EncryptionKey is { Length: > 0 } configured) return new KeyEncryption(Decode(configured, "Keys:EncryptionKey"));

        var file = options.EncryptionKeyFile ?? defaultFile;
        if (!File.Exists(file)) Create(file);
        return new KeyEncryption(Decode(File.ReadAllText(file).Trim(), file));
    }

    private static void Create(string file)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            // Written beside and moved into place: a second process starting now finds a whole file or none.
            var temporary = file + "." + Guid.NewGuid().ToString("N");
            using (var stream = new FileStream(temporary, access)) stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeySize))));
            File.Move(temporary, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process made it in the same moment; its key is the key.
        }
    }

    private static byte[] Decode(string base64, string source)
    {
        var bytes = new byte[KeySize];
        return Convert.TryFromBase64String(base64, bytes, out var written) && written == KeySize && base64.Length == 44
            ? bytes
            : throw new FormatException($"{source} must hold {KeySize} bytes as base64.");
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_root);
}
