using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Accounts;

/// <summary>What a new password must be: long enough, not common, not the person's own name. No composition rules (NIST SP 800-63B §3.1.1.2, ASVS 6.2).</summary>
internal sealed class PasswordRules(IOptions<AccountOptions> options, IBreachedPasswords breached) : IPasswordValidator<User>
{
    private const int ShortestRun = 3;
    private const int FewPieces = 4;
    private const int MostTrimmings = 6;

    private static readonly Lazy<HashSet<string>> Common = new(Load);

    private readonly AccountOptions _options = options.Value;

    /// <summary>The last one that was looked up: a registration asks before and while it hashes.</summary>
    private (string Password, bool Breached)? _lookedUp;

    public async Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password)
    {
        var objection = Objection(password ?? "", [user.UserName, user.Email, user.Email?.Split('@')[0], .. _options.ForbiddenPasswordWords]);
        if (objection is null && await IsBreachedAsync(password!)) objection = Fault(AccountFault.PasswordBreached);
        return objection is null ? IdentityResult.Success : IdentityResult.Failed(new CodedIdentityError(objection));
    }

    /// <summary>Asked last: what the rules refuse is not worth a question.</summary>
    private async Task<bool> IsBreachedAsync(string password)
    {
        if (_lookedUp is not { } known || !string.Equals(known.Password, password, StringComparison.Ordinal))
            _lookedUp = known = (password, await breached.ContainsAsync(password, CancellationToken.None));
        return known.Breached;
    }

    /// <summary>Null, or what is wrong with it.</summary>
    internal FieldFault? Objection(string password, IEnumerable<string?> ownWords)
    {
        if (password.EnumerateRunes().Count() < _options.MinimumPasswordLength) return Fault(AccountFault.PasswordTooShort, _options.MinimumPasswordLength);
        if (password.Length > _options.MaximumPasswordLength) return Fault(AccountFault.PasswordTooLong, _options.MaximumPasswordLength);
        if (IsCommon(password) || IsTooSimple(password)) return Fault(AccountFault.PasswordTooEasy);
        return ownWords.Any(word => word is { Length: >= 4 } && password.Replace(word, "", StringComparison.OrdinalIgnoreCase).Length < 4)
            ? Fault(AccountFault.PasswordIsOwnWords)
            : null;
    }

    /// <summary>A common word does not become a password by a few digits and signs before and after it; with many of them it does.</summary>
    private static bool IsCommon(string password)
    {
        if (Common.Value.Contains(password)) return true;
        var (first, last) = (0, password.Length);
        while (first < last && !char.IsLetter(password[first])) first++;
        while (last > first && !char.IsLetter(password[last - 1])) last--;
        return password.Length - (last - first) <= MostTrimmings && Common.Value.Contains(password[first..last]);
    }

    /// <summary>A short piece repeated, or a few runs along the alphabet or the keyboard one after the other.</summary>
    private bool IsTooSimple(string password)
    {
        var text = password.ToLowerInvariant();
        for (var piece = 1; piece <= text.Length / 2 && piece < _options.MinimumPasswordLength; piece++)
        {
            if (text.AsSpan(piece).SequenceEqual(text.AsSpan(0, text.Length - piece))) return true;
        }

        var pieces = 0;
        for (var at = 0; at < text.Length && pieces <= FewPieces; pieces++) at += RunAt(text, at);
        return pieces <= FewPieces;
    }

    /// <summary>Characters from here on that one keystroke after the other explains; what is shorter than a run counts singly.</summary>
    private static int RunAt(string text, int at)
    {
        var length = 1;
        while (at + length < text.Length && text[at + length] == text[at]) length++;
        foreach (var run in Runs)
        {
            var end = at + length;
            while (end < text.Length && run.AsSpan().IndexOf(text.AsSpan(at, end + 1 - at)) >= 0) end++;
            length = end - at;
        }

        return length >= ShortestRun ? length : 1;
    }

    private static readonly string[] Runs =
    [
        "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba", "01234567890123456789", "98765432109876543210",
        "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "zaq1xsw2cde3vfr4bgt5nhy6mju7", "poiuytrewq", "lkjhgfdsa", "mnbvcxz",
    ];

    private static FieldFault Fault(AccountFault fault, object? argument = null) => new(nameof(RegistrationForm.Password), fault, argument);

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
