using System.Globalization;

namespace AuthServer.Ui.Forms;

/// <summary>What a person chooses from on the profile page.</summary>
internal static class ProfileChoices
{
    private static readonly string[] LanguageTags =
    [
        "ar", "bg", "cs", "da", "de", "de-AT", "de-CH", "el", "en-GB", "en-US", "es", "es-MX", "et", "fa", "fi", "fr", "fr-CA", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "nb", "nl", "pl",
        "pt-BR", "pt-PT", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk", "vi", "zh-Hans", "zh-Hant",
    ];

    private static readonly Lazy<IReadOnlyList<(string, string)>> AllZones = new(static () =>
        [.. TimeZoneInfo.GetSystemTimeZones().Select(static z => z.Id).Where(IsPlace).Order(StringComparer.Ordinal).Select(static id => (id, id.Replace('_', ' ')))]);

    private static readonly Lazy<IReadOnlyList<(string, string)>> AllLanguages = new(static () =>
        [.. LanguageTags.Select(static tag => (tag, CultureInfo.GetCultureInfo(tag).NativeName))]);

    /// <summary>Names of the time zone database that this machine knows.</summary>
    public static IReadOnlyList<(string Value, string Text)> Zones => AllZones.Value;

    /// <summary>Each in its own language, so that its speakers find it.</summary>
    public static IReadOnlyList<(string Value, string Text)> Languages => AllLanguages.Value;

    /// <summary>Without the names kept for old programs.</summary>
    private static bool IsPlace(string id) =>
        id is "UTC" || (id.Split('/') is [("Africa" or "America" or "Antarctica" or "Asia" or "Atlantic" or "Australia" or "Europe" or "Indian" or "Pacific"), ..]);
}
