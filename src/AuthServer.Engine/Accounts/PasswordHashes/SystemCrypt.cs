using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>bcrypt and SHA-crypt by the operating system's libcrypt, which reads what it wrote itself.</summary>
internal static partial class SystemCrypt
{
    private const string Library = "libcrypt.so.1";

    /// <summary>Bytes of libcrypt's working memory, zeroed.</summary>
    private const int Room = 32_768;
    private const int UnsaidRounds = 5_000;

    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary><c>$2a$</c>, <c>$2b$</c>, <c>$2y$</c>, the cost as a logarithm. What is behind the 72nd byte of a password never counted.</summary>
    public static HashReading Bcrypt(string text)
    {
        if (BcryptForm.Match(text) is not { Success: true } form) return new HashReading.Unreadable("it looks like a bcrypt hash, but is not whole");
        return Read("bcrypt", "cost", int.Parse(form.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture), HashBounds.BcryptCost, text);
    }

    /// <summary><c>$6$</c> (SHA-512) and <c>$5$</c> (SHA-256), with or without <c>rounds=</c>.</summary>
    public static HashReading Sha(string text)
    {
        if (ShaForm.Match(text) is not { Success: true } form) return new HashReading.Unreadable("it looks like a SHA-crypt hash, but is not whole");
        var rounds = form.Groups["rounds"] is { Success: true } said ? int.Parse(said.ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : UnsaidRounds;
        return Read(text[1] == '6' ? "sha512-crypt" : "sha256-crypt", "number of rounds", rounds, HashBounds.ShaCryptRounds, text);
    }

    private static HashReading Read(string format, string parameter, int cost, int most, string text)
    {
        if (HashBounds.Above(format, parameter, cost, most) is { } tooCostly) return tooCostly;
        return IsAvailable ? new HashReading.Known(format, password => Matches(password, text)) : new HashReading.LibraryMissing(format, Library);
    }

    private static unsafe bool Matches(string password, string hash)
    {
        // The library's texts end at a zero: whoever puts one behind somebody's password must not have found another password for it.
        if (password.Contains('\0', StringComparison.Ordinal)) return false;
        var secret = Encoding.UTF8.GetBytes(password + '\0');
        var work = new byte[Room];
        fixed (byte* room = work)
        {
            var result = crypt_rn(secret, Encoding.ASCII.GetBytes(hash + '\0'), room, Room);
            var matches = result != null && CryptographicOperations.FixedTimeEquals(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(result), Encoding.ASCII.GetBytes(hash));
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(work);
            return matches;
        }
    }

    [GeneratedRegex(@"\A\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}\z")]
    private static partial Regex BcryptForm { get; }

    [GeneratedRegex(@"\A(?:\$6\$(?:rounds=(?<rounds>[1-9][0-9]{3,8})\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}|\$5\$(?:rounds=(?<rounds>[1-9][0-9]{3,8})\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43})\z")]
    private static partial Regex ShaForm { get; }

    [LibraryImport(Library)]
    private static unsafe partial byte* crypt_rn(byte[] password, byte[] setting, byte* room, int size);
}
