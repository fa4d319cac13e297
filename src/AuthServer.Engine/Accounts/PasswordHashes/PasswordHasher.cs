using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>Argon2id where libargon2 is present, PBKDF2 (Identity's own format) otherwise. Reads both, and asks for a new hash where the stored one is not today's.</summary>
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
        if (hashedPassword.StartsWith("$argon2id$", StringComparison.Ordinal)) return VerifyArgon2(user, hashedPassword, providedPassword);
        if (!IsBase64(hashedPassword)) return Unreadable(user, providedPassword);

        var result = Pbkdf2.VerifyHashedPassword(user, hashedPassword, providedPassword);
        return result == PasswordVerificationResult.Success && _argon2 ? PasswordVerificationResult.SuccessRehashNeeded : result;
    }

    private PasswordVerificationResult VerifyArgon2(User user, string phc, string password)
    {
        if (!_argon2)
        {
            LibraryMissing(_logger, user.Id);
            return Fail(user, password);
        }

        if (!Argon2.TryParse(phc, out var cost, out var salt, out var hash)) return Unreadable(user, password);
        if (!Argon2.Verify(password, cost, salt, hash)) return PasswordVerificationResult.Failed;
        return cost == _cost ? PasswordVerificationResult.Success : PasswordVerificationResult.SuccessRehashNeeded;
    }

    private PasswordVerificationResult Unreadable(User user, string password)
    {
        NotReadable(_logger, user.Id);
        return Fail(user, password);
    }

    /// <summary>What cannot be compared takes as long as what can, so the time does not tell whose hash is broken.</summary>
    private PasswordVerificationResult Fail(User user, string password)
    {
        HashPassword(user, password);
        return PasswordVerificationResult.Failed;
    }

    private static bool IsBase64(string text) => text.Length > 0 && Convert.TryFromBase64String(text, new byte[text.Length], out _);

    [LoggerMessage(7001, LogLevel.Error, "The password of user {UserId} is stored as Argon2id, but libargon2.so.1 is not installed: nobody with such a password can sign in")]
    private static partial void LibraryMissing(ILogger logger, string userId);

    [LoggerMessage(7002, LogLevel.Error, "The stored password hash of user {UserId} is not in a format this server knows")]
    private static partial void NotReadable(ILogger logger, string userId);
}
