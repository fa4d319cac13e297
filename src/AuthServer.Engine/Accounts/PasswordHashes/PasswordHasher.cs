using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>Argon2id where libargon2 is present, PBKDF2 (Identity's own format) otherwise. Reads both, and asks for a new hash where the stored one is not today's.</summary>
internal sealed class PasswordHasher(IOptions<AccountOptions> options) : IPasswordHasher<User>
{
    private const int Pbkdf2Rounds = 210_000;

    private static readonly PasswordHasher<User> Pbkdf2 = new(Options.Create(new PasswordHasherOptions { IterationCount = Pbkdf2Rounds }));

    private readonly Argon2.Cost _cost = new(options.Value.Argon2Memory, options.Value.Argon2Iterations, options.Value.Argon2Parallelism);

    public string HashPassword(User user, string password) => Argon2.IsAvailable ? Argon2.Hash(password, _cost) : Pbkdf2.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        if (hashedPassword.StartsWith("$argon2id$", StringComparison.Ordinal))
        {
            if (!Argon2.Verify(hashedPassword, providedPassword, out var cost)) return PasswordVerificationResult.Failed;
            return cost == _cost ? PasswordVerificationResult.Success : PasswordVerificationResult.SuccessRehashNeeded;
        }

        var result = Pbkdf2.VerifyHashedPassword(user, hashedPassword, providedPassword);
        return result == PasswordVerificationResult.Success && Argon2.IsAvailable ? PasswordVerificationResult.SuccessRehashNeeded : result;
    }
}
