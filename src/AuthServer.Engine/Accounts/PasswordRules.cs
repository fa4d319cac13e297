using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Accounts;

/// <summary>What a new password must be: long enough, not common, not the person's own name. No composition rules (NIST SP 800-63B §3.1.1.2, ASVS 6.2).</summary>
internal sealed class PasswordRules(IOptions<AccountOptions> options) : IPasswordValidator<User>
{
    private static readonly Lazy<HashSet<string>> Common = new(Load);

    private readonly AccountOptions _options = options.Value;

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) =>
        Task.FromResult(Objection(password ?? "", [user.UserName, user.Email, .. _options.ForbiddenPasswordWords]) is { } objection
            ? IdentityResult.Failed(new IdentityError { Code = "Password", Description = objection })
            : IdentityResult.Success);

    /// <summary>Null, or what to do about it.</summary>
    internal string? Objection(string password, IEnumerable<string?> ownWords)
    {
        if (password.EnumerateRunes().Count() < _options.MinimumPasswordLength) return $"Use at least {_options.MinimumPasswordLength} characters.";
        if (password.Length > _options.MaximumPasswordLength) return $"Use at most {_options.MaximumPasswordLength} characters.";
        if (Common.Value.Contains(password) || IsTooSimple(password)) return "This password is too easy to guess. Use a few unrelated words or a password manager.";
        return ownWords.Any(word => word is { Length: >= 4 } && password.Replace(word, "", StringComparison.OrdinalIgnoreCase).Length < 4)
            ? "The password is little more than your own name or address. Use something else."
            : null;
    }

    /// <summary>One character, one short piece repeated, or a run along the alphabet or the keyboard.</summary>
    private static bool IsTooSimple(string password)
    {
        var lower = password.ToLowerInvariant();
        for (var piece = 1; piece <= Math.Min(4, lower.Length / 2); piece++)
        {
            if (Enumerable.Range(piece, lower.Length - piece).All(i => lower[i] == lower[i - piece])) return true;
        }

        return Runs.Any(run => run.Contains(lower, StringComparison.Ordinal));
    }

    private static readonly string[] Runs =
    [
        "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba", "01234567890123456789", "98765432109876543210",
        "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    ];

    private static HashSet<string> Load()
    {
        using var stream = typeof(PasswordRules).Assembly.GetManifestResourceStream("AuthServer.Engine.Accounts.common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') words.Add(line);
        return words;
    }
}
