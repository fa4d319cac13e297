using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>Argon2id where libargon2 is present, PBKDF2 (Identity's own format) otherwise. Reads both and those of other systems (<see cref="ForeignHashes"/>), and asks for a new hash where the stored one is not today's.</summary>
internal sealed partial class PasswordHasher : IPasswordHasher<User>
{
    private const int Pbkdf2Rounds = 210_000;

    private static readonly PasswordHasher<User> Pbkdf2 = new(Options.Create(new PasswordHasherOptions { IterationCount = Pbkdf2Rounds }));

    private readonly Argon2.Cost _cost;
    private readonly bool _argon2;
    private readonly ILogger _logger;

    public PasswordHasher(IOptions<AccountOptions> options, ILogger<PasswordHasher> logger) : this(options.Value, logger, Argon2.IsAvailable)
    {
    }

    /// <param name="argon2">False: as on a machine without libargon2.</param>
    internal PasswordHasher(AccountOptions options, ILogger logger, bool argon2) =>
        (_cost, _logger, _argon2) = (new Argon2.Cost(options.Argon2Memory, options.Argon2Iterations, options.Argon2Parallelism), logger, argon2);

    public string HashPassword(User user, string password) => _argon2 ? Argon2.Hash(password, _cost) : Pbkdf2.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        if (Argon2.TryParse(hashedPassword, out var cost, out var salt, out var hash)) return VerifyOwn(user, cost, salt, hash, providedPassword);
        switch (ForeignHashes.Read(hashedPassword))
        {
            case HashReading.Known { Format: AspNetHashes.Version3 } when !_argon2:
                // Here it is this server's own.
                return Pbkdf2.VerifyHashedPassword(user, hashedPassword, providedPassword);
            case HashReading.Known known:
                if (known.Matches(providedPassword)) return PasswordVerificationResult.SuccessRehashNeeded;
                // A right one is hashed anew now; a wrong one takes as long, and never less than nobody's.
                return Fail(user, providedPassword);
            case HashReading.LibraryMissing missing:
                LibraryMissing(_logger, user.Id, missing.Format, missing.Library);
                return Fail(user, providedPassword);
            default:
                NotReadable(_logger, user.Id);
                return Fail(user, providedPassword);
        }
    }

    private PasswordVerificationResult VerifyOwn(User user, Argon2.Cost cost, byte[] salt, byte[] hash, string password)
    {
        if (!_argon2)
        {
            LibraryMissing(_logger, user.Id, "argon2id", Argon2.Library);
            return Fail(user, password);
        }

        if (!Argon2.Verify(password, cost, salt, hash)) return PasswordVerificationResult.Failed;
        return cost == _cost ? PasswordVerificationResult.Success : PasswordVerificationResult.SuccessRehashNeeded;
    }

    /// <summary>What cannot be compared takes as long as what can, so the time does not tell whose hash is broken.</summary>
    private PasswordVerificationResult Fail(User user, string password)
    {
        HashPassword(user, password);
        return PasswordVerificationResult.Failed;
    }

    [LoggerMessage(7001, LogLevel.Error, "The password of user {UserId} is stored as {Format}, but {Library} is not installed: nobody with such a password can sign in")]
    private static partial void LibraryMissing(ILogger logger, string userId, string format, string library);

    [LoggerMessage(7002, LogLevel.Error, "The stored password hash of user {UserId} is not in a format this server knows, or costs more than it computes")]
    private static partial void NotReadable(ILogger logger, string userId);
}
