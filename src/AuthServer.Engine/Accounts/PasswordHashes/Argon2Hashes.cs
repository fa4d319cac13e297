using System.Security.Cryptography;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>Argon2i, Argon2d and Argon2id of other systems (RFC 9106), in the PHC string format: both versions, any order of the parameters.</summary>
internal static class Argon2Hashes
{
    private const int OldVersion = 0x10;

    public static HashReading Phc(string text)
    {
        var parts = text.Split('$');
        // Version 1.0 was written without saying so.
        if (parts is ["", var name, var parameters, var saltText, var hashText]) return Read(name, "v=16", parameters, saltText, hashText);
        return parts is ["", var named, var version, var more, var salt, var hash] ? Read(named, version, more, salt, hash) : Malformed;
    }

    private static HashReading Read(string name, string version, string parameters, string saltText, string hashText)
    {
        var type = name switch { "argon2d" => 0, "argon2i" => 1, "argon2id" => 2, _ => -1 };
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var parameter in parameters.Split(','))
            if (parameter.Split('=') is not [var key, var text] || !HashText.TryNumber(text, out var value) || !values.TryAdd(key, value)) return Malformed;
        if (type < 0 || version is not ("v=16" or "v=19") || values.Count != 3 || !values.TryGetValue("m", out var memory) || !values.TryGetValue("t", out var passes) || !values.TryGetValue("p", out var lanes)
            || !HashText.TryBase64(saltText, out var salt) || !HashText.TryBase64(hashText, out var hash)) return Malformed;
        return Read(name, type, version == "v=16" ? OldVersion : Argon2.Version, new Argon2.Cost(memory, passes, lanes), salt, hash);
    }

    /// <param name="type">0: d, 1: i, 2: id.</param>
    public static HashReading Read(string format, int type, int version, Argon2.Cost cost, byte[] salt, byte[] hash)
    {
        if (cost.Memory < 8L * cost.Parallelism || cost.Iterations < 1 || cost.Parallelism < 1 || salt.Length is < 8 or > HashBounds.LongestSalt || hash.Length is < HashBounds.ShortestHash or > HashBounds.LongestHash) return Malformed;
        if ((HashBounds.Above(format, "memory in KiB", cost.Memory, HashBounds.Argon2Memory) ?? HashBounds.Above(format, "memory times passes", (long)cost.Memory * cost.Iterations, HashBounds.Argon2Work)
            ?? HashBounds.Above(format, "number of lanes", cost.Parallelism, HashBounds.Argon2Lanes)) is { } tooCostly) return tooCostly;
        return Argon2.IsAvailable
            ? new HashReading.Known(format, password => CryptographicOperations.FixedTimeEquals(hash, Argon2.Compute(password, salt, cost, hash.Length, type, version)))
            : new HashReading.LibraryMissing(format, Argon2.Library);
    }

    private static HashReading.Unreadable Malformed => new("it looks like an Argon2 hash, but is not whole");
}
