using System.Collections.Frozen;
using System.Globalization;

namespace AuthServer.Engine.Protocol;

/// <summary>The languages of the pages and letters (<c>ui_locales_supported</c>, OpenID Connect Discovery §3), and the way from what a reader asks for to one of them.</summary>
public static class UiLanguages
{
    public const string Default = "en";

    private static readonly string[] Translated = [Default, "de", "fr", "es", "ja"];

    /// <summary>Every culture of these languages the machine knows. A closed set: a tag from outside never makes a new culture, which .NET would keep for ever.</summary>
    private static readonly FrozenDictionary<string, CultureInfo> Known = CultureInfo.GetCultures(CultureTypes.AllCultures)
        .Where(static c => c.Name.Length > 0 && Translated.Contains(c.TwoLetterISOLanguageName, StringComparer.Ordinal))
        .ToFrozenDictionary(static c => c.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>What can be offered: English alone where the program runs without culture data (invariant globalization).</summary>
    public static readonly IReadOnlyList<string> Supported = [.. Translated.Where(static t => t == Default || Known.ContainsKey(t))];

    /// <summary>The reader's culture by the first tag (BCP 47) with a language of ours: <c>de-AT</c> keeps its Austrian dates, <c>de-XX</c> is read as <c>de</c>. Null: none fits.</summary>
    public static CultureInfo? Best(IEnumerable<string> tags) => tags.Select(Find).FirstOrDefault(static c => c is not null);

    /// <summary>The culture of a tag, by its longest known beginning (RFC 4647 §3.4).</summary>
    public static CultureInfo? Find(string tag)
    {
        // The longest tags in use have a handful of subtags; what is longer is no language.
        if (tag.Length > 35) return null;
        for (var rest = tag.Replace('_', '-'); rest.Length > 0; rest = rest[..Math.Max(0, rest.LastIndexOf('-'))])
        {
            if (Known.TryGetValue(rest, out var culture)) return culture;
        }

        return null;
    }

    /// <summary>A language's name in itself, for those who can read nothing else.</summary>
    public static string NameOf(string language) => Known.TryGetValue(language, out var culture) ? culture.TextInfo.ToTitleCase(culture.NativeName) : language;

    /// <summary>The language the texts are in, of a culture found here.</summary>
    public static string LanguageOf(CultureInfo culture) => Supported.Contains(culture.TwoLetterISOLanguageName, StringComparer.Ordinal) ? culture.TwoLetterISOLanguageName : Default;
}
