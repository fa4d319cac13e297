namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>What could be made of a password hash that comes from elsewhere.</summary>
internal abstract record HashReading
{
    private HashReading() { }

    /// <param name="Format">How reports call it.</param>
    /// <param name="Matches">Computes the hash of a password, once and slowly, and compares. Run it behind <see cref="HashingGate"/>.</param>
    public sealed record Known(string Format, Func<string, bool> Matches) : HashReading;

    /// <summary>One sign-in with it would cost this machine too much, so it is never computed.</summary>
    /// <param name="Why">Which parameter, and what it may be at most.</param>
    public sealed record TooCostly(string Format, string Why) : HashReading;

    /// <summary>The system's library that computes it is not installed.</summary>
    public sealed record LibraryMissing(string Format, string Library) : HashReading;

    public sealed record Unreadable(string Why) : HashReading;
}
