using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AuthServer.Engine.Accounts;

/// <summary>The words by which a person is found: user name, e-mail address, names and external id, whole and in their parts, in capitals and without accents.</summary>
/// <remarks>A search asks for words that begin with what was typed; that needs no more than an index, in any database, among any number of people.</remarks>
public static class UserWords
{
    /// <summary>Grows when the words of everybody have to be made anew.</summary>
    public const int Version = 1;

    public const int MaximumLength = 64;
    private const int MostWords = 24;

    private static readonly string[] NameClaims = ["name", "given_name", "family_name", "middle_name", "nickname"];

    public static IReadOnlySet<string> Of(User user) => Of(user.UserName, user.Email, user.ExternalId, user.Profile);

    public static IReadOnlySet<string> Of(string? userName, string? email, string? externalId, string profile)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var whole in new[] { userName, email, externalId }) Add(words, whole);
        foreach (var text in new[] { userName, email }.Concat(Names(profile)))
            foreach (var part in Parts(text)) Add(words, part);
        return words;
    }

    /// <summary>What a person typed into a search field, as the beginnings of words. Empty: nothing to look for.</summary>
    public static IReadOnlyList<string> Typed(string? search) =>
        [.. (search ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Fold).Where(static w => w.Length > 0).Select(static w => w[..Math.Min(w.Length, MaximumLength)]).Distinct(StringComparer.Ordinal).Take(5)];

    /// <summary>In capitals and without accents: <c>José</c> is found by <c>jose</c>.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark) folded.Append(char.ToUpperInvariant(c));
        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    private static void Add(HashSet<string> words, string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || words.Count >= MostWords) return;
        var word = Fold(text.Trim());
        if (word.Length > 0) words.Add(word[..Math.Min(word.Length, MaximumLength)]);
    }

    private static IEnumerable<string> Names(string profile)
    {
        using var claims = JsonDocument.Parse(profile);
        foreach (var claim in NameClaims)
            if (claims.RootElement.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String) yield return value.GetString()!;
    }

    private static IEnumerable<string> Parts(string? text)
    {
        var start = -1;
        for (var i = 0; text is not null && i <= text.Length; i++)
        {
            var inWord = i < text.Length && (char.IsLetterOrDigit(text[i]) || CharUnicodeInfo.GetUnicodeCategory(text[i]) == UnicodeCategory.NonSpacingMark || char.IsSurrogate(text[i]));
            if (inWord && start < 0) start = i;
            if (inWord || start < 0) continue;
            yield return text[start..i];
            start = -1;
        }
    }
}
