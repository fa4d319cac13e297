using System.Globalization;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>
/// What one hash that somebody else made may cost: about a second and a quarter of a gigabyte. Whoever can bring in a hash would otherwise choose how long, and with how much memory, each try at it keeps
/// the server busy; and anybody who knows the name can try.
/// </summary>
internal static class HashBounds
{
    public const int Pbkdf2Rounds = 2_000_000;
    public const int Argon2Memory = 262_144;

    /// <summary>KiB written: memory times passes.</summary>
    public const int Argon2Work = 1_048_576;
    public const int Argon2Lanes = 64;
    public const int BcryptCost = 14;
    public const int ShaCryptRounds = 1_000_000;

    /// <summary>Bytes: 128 · N · r (RFC 7914 §2).</summary>
    public const long ScryptMemory = 256L << 20;

    /// <summary>N · r · p.</summary>
    public const long ScryptWork = 2L << 20;

    public const int LongestSalt = 256;
    public const int ShortestHash = 16;
    public const int LongestHash = 128;

    /// <summary>Null: the hash may be computed.</summary>
    public static HashReading.TooCostly? Above(string format, string parameter, long value, long most) => value <= most
        ? null
        : new HashReading.TooCostly(format, string.Create(CultureInfo.InvariantCulture, $"its {parameter} is {value}; at most {most} is computed here"));
}
