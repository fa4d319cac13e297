namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>Every format of password hashes that can be brought along from another system. What verifies is replaced by this server's own hash at the first sign-in.</summary>
internal static class ForeignHashes
{
    /// <summary>Longer is no hash of any of them.</summary>
    private const int Longest = 4_096;

    private static readonly (string Beginning, Func<string, HashReading> Read)[] Table =
    [
        ("$argon2", Argon2Hashes.Phc),
        ("$2a$", SystemCrypt.Bcrypt),
        ("$2b$", SystemCrypt.Bcrypt),
        ("$2y$", SystemCrypt.Bcrypt),
        ("pbkdf2_", Pbkdf2Hashes.Django),
        ("$pbkdf2-", Pbkdf2Hashes.Passlib),
        ("$pbkdf2$", Pbkdf2Hashes.Passlib),
        ("$scrypt$", Scrypt.Phc),
        ("scrypt:", Scrypt.Werkzeug),
        ("pbkdf2:", Pbkdf2Hashes.Werkzeug),
        ("$6$", SystemCrypt.Sha),
        ("$5$", SystemCrypt.Sha),
        ("{", KeycloakHashes.Read),
    ];

    public static HashReading Read(string text)
    {
        if (text.Length > Longest) return new HashReading.Unreadable("it is too long");
        foreach (var (beginning, read) in Table)
            if (text.StartsWith(beginning, StringComparison.Ordinal)) return read(text);
        return text.Contains(':', StringComparison.Ordinal) ? Pbkdf2Hashes.HexPair(text) : AspNetHashes.Read(text);
    }
}
