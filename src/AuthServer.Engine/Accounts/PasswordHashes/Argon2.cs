using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>Argon2id (RFC 9106) through the operating system's libargon2, in the PHC string format.</summary>
internal static partial class Argon2
{
    internal const string Library = "libargon2.so.1";
    private const int Argon2Id = 2;
    internal const int Version = 0x13;
    private const int SaltSize = 16;
    private const int HashSize = 32;

    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <param name="Memory">KiB.</param>
    internal readonly record struct Cost(int Memory, int Iterations, int Parallelism);

    public static string Hash(string password, Cost cost)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var hash = Compute(password, salt, cost, HashSize);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"$argon2id$v=19$m={cost.Memory},t={cost.Iterations},p={cost.Parallelism}${Encode(salt)}${Encode(hash)}");
    }

    public static bool Verify(string password, Cost cost, byte[] salt, byte[] hash) => CryptographicOperations.FixedTimeEquals(hash, Compute(password, salt, cost, hash.Length));

    internal static bool TryParse(string phc, out Cost cost, out byte[] salt, out byte[] hash)
    {
        (cost, salt, hash) = (default, [], []);
        var parts = phc.Split('$');
        if (parts is not ["", "argon2id", "v=19", var parameters, var saltText, var hashText]) return false;
        var values = parameters.Split(',');
        if (values.Length != 3 || !TryValue(values[0], "m=", out var memory) || !TryValue(values[1], "t=", out var iterations) || !TryValue(values[2], "p=", out var parallelism)) return false;
        // Up to what the settings allow this server itself; what others made is held to HashBounds when it is brought in.
        if (memory > 1_048_576 || iterations is < 1 or > 20 || parallelism is < 1 or > 64 || memory < 8 * parallelism) return false;
        if (!TryDecode(saltText, out salt) || !TryDecode(hashText, out hash) || salt.Length < 8 || hash.Length is < 16 or > 128) return false;
        cost = new Cost(memory, iterations, parallelism);
        return true;
    }

    internal static byte[] Compute(string password, byte[] salt, Cost cost, int size, int type = Argon2Id, int version = Version)
    {
        var secret = Encoding.UTF8.GetBytes(password);
        var hash = new byte[size];
        var code = argon2_hash((uint)cost.Iterations, (uint)cost.Memory, (uint)cost.Parallelism, secret, (nuint)secret.Length, salt, (nuint)salt.Length, hash, (nuint)size, 0, 0, type, (uint)version);
        CryptographicOperations.ZeroMemory(secret);
        return code == 0 ? hash : throw new CryptographicException($"libargon2 answered {code}.");
    }

    private static bool TryValue(string text, string name, out int value)
    {
        value = 0;
        return text.StartsWith(name, StringComparison.Ordinal) && int.TryParse(text.AsSpan(name.Length), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out value);
    }

    /// <summary>PHC wants base64 without padding.</summary>
    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        if (!Convert.TryFromBase64String(padded, bytes, out var written)) return false;
        bytes = bytes[..written];
        return true;
    }

    [LibraryImport(Library)]
    private static partial int argon2_hash(uint iterations, uint memory, uint parallelism, byte[] password, nuint passwordLength, byte[] salt, nuint saltLength, byte[] hash, nuint hashLength, nint encoded, nuint encodedLength, int type, uint version);
}
