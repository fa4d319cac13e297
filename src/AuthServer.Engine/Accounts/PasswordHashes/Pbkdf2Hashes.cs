using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>PBKDF2 (RFC 8018 §5.2) as Django, passlib, Werkzeug and some services of their own write it down.</summary>
internal static class Pbkdf2Hashes
{
    /// <summary>Of <c>salt:hash</c> in hexadecimal, which does not say it.</summary>
    private const int UnsaidRounds = 100_000;

    /// <summary><c>pbkdf2_sha256$rounds$salt$base64</c>, <c>pbkdf2_sha1$…</c>: the salt is text.</summary>
    public static HashReading Django(string text)
    {
        if (text.Split('$') is not [var name, var roundsText, var salt, var hashText] || !HashText.TryNumber(roundsText, out var rounds) || !HashText.TryBase64(hashText, out var hash)) return Malformed("Django PBKDF2");
        return Read("django " + name, name["pbkdf2_".Length..], rounds, hash, Encoding.UTF8.GetBytes(salt));
    }

    /// <summary><c>$pbkdf2-sha256$rounds$salt$hash</c>, <c>$pbkdf2-sha512$…</c>, <c>$pbkdf2$…</c> (SHA-1), in base64 with dots.</summary>
    public static HashReading Passlib(string text)
    {
        if (text.Split('$') is not ["", var name, var roundsText, var saltText, var hashText] || !HashText.TryNumber(roundsText, out var rounds)
            || !HashText.TryDottedBase64(saltText, out var salt) || !HashText.TryDottedBase64(hashText, out var hash)) return Malformed("passlib PBKDF2");
        return Read("passlib " + name, name == "pbkdf2" ? "sha1" : name["pbkdf2-".Length..], rounds, hash, salt);
    }

    /// <summary><c>pbkdf2:sha256:rounds$salt$hexadecimal</c>: the salt is text.</summary>
    public static HashReading Werkzeug(string text)
    {
        if (text.Split('$') is not [var method, var salt, var hashText] || method.Split(':') is not [_, var prf, var roundsText] || !HashText.TryNumber(roundsText, out var rounds) || !HashText.TryHex(hashText, out var hash))
            return Malformed("Werkzeug PBKDF2");
        return Read("werkzeug pbkdf2:" + prf, prf, rounds, hash, Encoding.UTF8.GetBytes(salt));
    }

    /// <summary><c>salt:hash</c>, both of 64 hexadecimal digits: SHA-256, 100 000 rounds.</summary>
    /// <remarks>Nothing says whether the salt is the bytes or their text, and both are in use; so both are tried, the bytes first.</remarks>
    public static HashReading HexPair(string text)
    {
        if (text.Split(':') is not [{ Length: 64 } saltText, { Length: 64 } hashText] || !HashText.TryHex(saltText, out var salt) || !HashText.TryHex(hashText, out var hash)) return Malformed("hexadecimal PBKDF2");
        return Read("hex:hex pbkdf2", "sha256", UnsaidRounds, hash, salt, Encoding.ASCII.GetBytes(saltText));
    }

    /// <param name="salts">Whichever of them fits.</param>
    public static HashReading Read(string format, string prf, int rounds, byte[] hash, params IReadOnlyList<byte[]> salts)
    {
        HashAlgorithmName algorithm;
        int block;
        switch (prf)
        {
            case "sha1": (algorithm, block) = (HashAlgorithmName.SHA1, 20); break;
            case "sha256": (algorithm, block) = (HashAlgorithmName.SHA256, 32); break;
            case "sha512": (algorithm, block) = (HashAlgorithmName.SHA512, 64); break;
            default: return new HashReading.Unreadable("PBKDF2 is known with sha1, sha256 and sha512 only");
        }

        if (rounds < 1 || hash.Length is < HashBounds.ShortestHash or > HashBounds.LongestHash || salts.Any(static s => s.Length is 0 or > HashBounds.LongestSalt)) return Malformed("PBKDF2");
        // Every block of the output costs all rounds again.
        var work = (long)rounds * ((hash.Length + block - 1) / block);
        return HashBounds.Above(format, "number of rounds", work, HashBounds.Pbkdf2Rounds) is { } tooCostly
            ? tooCostly
            : new HashReading.Known(format, password => salts.Aggregate(false, (found, salt) => found || CryptographicOperations.FixedTimeEquals(hash, Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, algorithm, hash.Length))));
    }

    private static HashReading.Unreadable Malformed(string what) => new($"it looks like a {what} hash, but is not whole");
}
