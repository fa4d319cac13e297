using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>scrypt (RFC 7914) by the operating system's OpenSSL, and the two ways its hashes are written.</summary>
internal static partial class Scrypt
{
    private const string Library = "libcrypto.so.3";

    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary><c>$scrypt$ln=16,r=8,p=1$salt$hash</c>: the logarithm of N; base64 without padding.</summary>
    public static HashReading Phc(string text)
    {
        if (text.Split('$') is not ["", "scrypt", var parameters, var saltText, var hashText] || parameters.Split(',') is not [var ln, var r, var p]
            || !TryParameter(ln, "ln=", out var log) || !TryParameter(r, "r=", out var block) || !TryParameter(p, "p=", out var parallel) || log is < 1 or > 40
            || !HashText.TryBase64(saltText, out var salt) || !HashText.TryBase64(hashText, out var hash)) return Malformed;
        return Read("scrypt", 1L << log, block, parallel, salt, hash);
    }

    /// <summary><c>scrypt:N:r:p$salt$hexadecimal</c>: the salt is text.</summary>
    public static HashReading Werkzeug(string text)
    {
        if (text.Split('$') is not [var method, var saltText, var hashText] || method.Split(':') is not ["scrypt", var n, var r, var p]
            || !HashText.TryNumber(n, out var cost) || !HashText.TryNumber(r, out var block) || !HashText.TryNumber(p, out var parallel) || !HashText.TryHex(hashText, out var hash)) return Malformed;
        return Read("werkzeug scrypt", cost, block, parallel, Encoding.UTF8.GetBytes(saltText), hash);
    }

    private static HashReading Read(string format, long cost, int block, int parallel, byte[] salt, byte[] hash)
    {
        if (cost < 2 || (cost & (cost - 1)) != 0 || block < 1 || parallel < 1 || salt.Length is 0 or > HashBounds.LongestSalt || hash.Length is < HashBounds.ShortestHash or > HashBounds.LongestHash) return Malformed;
        // Each factor alone first: their product must not run over.
        if ((HashBounds.Above(format, "N", cost, HashBounds.ScryptWork) ?? HashBounds.Above(format, "r", block, 1_024) ?? HashBounds.Above(format, "p", parallel, 1_024)
            ?? HashBounds.Above(format, "memory in bytes", 128 * cost * block, HashBounds.ScryptMemory) ?? HashBounds.Above(format, "N times r times p", cost * block * parallel, HashBounds.ScryptWork)) is { } tooCostly) return tooCostly;
        if (!IsAvailable) return new HashReading.LibraryMissing(format, Library);
        return new HashReading.Known(format, password => CryptographicOperations.FixedTimeEquals(hash, Compute(password, salt, (ulong)cost, (ulong)block, (ulong)parallel, hash.Length)));
    }

    private static HashReading.Unreadable Malformed => new("it looks like a scrypt hash, but is not whole");

    private static bool TryParameter(string text, string name, out int value)
    {
        value = 0;
        return text.StartsWith(name, StringComparison.Ordinal) && HashText.TryNumber(text[name.Length..], out value);
    }

    private static byte[] Compute(string password, byte[] salt, ulong cost, ulong block, ulong parallel, int size)
    {
        var secret = Encoding.UTF8.GetBytes(password);
        var hash = new byte[size];
        // A little above the bound: OpenSSL counts its own bookkeeping too.
        var done = EVP_PBE_scrypt(secret, (nuint)secret.Length, salt, (nuint)salt.Length, cost, block, parallel, (ulong)HashBounds.ScryptMemory + (16UL << 20), hash, (nuint)size);
        CryptographicOperations.ZeroMemory(secret);
        return done == 1 ? hash : throw new CryptographicException("OpenSSL could not compute scrypt.");
    }

    [LibraryImport(Library)]
    private static partial int EVP_PBE_scrypt(byte[] password, nuint passwordLength, byte[] salt, nuint saltLength, ulong cost, ulong block, ulong parallel, ulong memory, byte[] key, nuint keyLength);
}
