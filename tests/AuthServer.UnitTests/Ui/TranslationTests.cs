using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AuthServer.Engine.Protocol;
using Xunit;

namespace AuthServer.UnitTests.Ui;

/// <summary>The texts of each language, held against the English ones.</summary>
public sealed partial class TranslationTests
{
    /// <summary>What is right as it is: names, patterns, and words both languages have.</summary>
    private static readonly Dictionary<string, string[]> SameAsEnglish = new(StringComparer.Ordinal)
    {
        [""] = ["Layout_Title", "Direction", "SecondFactorChanged_Body", "ExternalLoginChanged_Body"],
        ["de"] = ["Keys_Name", "Factor_Code", "Account_Apps", "Factor_Passkeys", "Profile_Name", "Profile_Website"],
        ["fr"] = ["Factor_Code", "Activity_Pages"],
        ["es"] = [],
        ["ja"] = [],
    };

    public static TheoryData<string, string> Translations()
    {
        var all = new TheoryData<string, string>();
        foreach (var file in new[] { "AuthServer.Ui/Texts", "AuthServer.Engine/Mail/MailTexts" })
            foreach (var language in UiLanguages.Supported.Where(static l => l != UiLanguages.Default)) all.Add(file, language);
        return all;
    }

    [Fact]
    public void The_machine_that_tests_knows_all_five_languages() => Assert.Equal(["en", "de", "fr", "es", "ja"], UiLanguages.Supported);

    [Theory]
    [MemberData(nameof(Translations))]
    public void Every_text_is_there_and_none_is_left_over(string file, string language) =>
        Assert.Equal(Read(file, null).Keys.Order(StringComparer.Ordinal), Read(file, language).Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Translations))]
    public void The_same_values_and_tags_stand_in_it(string file, string language)
    {
        var translated = Read(file, language);
        var different = Read(file, null).Where(text => !Marks(text.Value).SequenceEqual(Marks(translated[text.Key]))).Select(static text => text.Key);
        Assert.Empty(different);
    }

    [Theory]
    [MemberData(nameof(Translations))]
    public void Nothing_was_left_in_English(string file, string language)
    {
        var translated = Read(file, language);
        var same = Read(file, null).Where(text => text.Value == translated[text.Key]).Select(static text => text.Key);
        Assert.Empty(same.Except(SameAsEnglish[""]).Except(SameAsEnglish[language]));
    }

    [Theory]
    [MemberData(nameof(Translations))]
    public void No_text_is_empty_or_longer_than_a_page_takes(string file, string language)
    {
        var translated = Read(file, language);
        // German and French take about a third more room than English; a text far beyond it is a mistake.
        Assert.Empty(Read(file, null).Where(text => translated[text.Key].Trim().Length == 0 || translated[text.Key].Length > (text.Value.Length * 2) + 30).Select(static text => text.Key));
    }

    private static Dictionary<string, string> Read(string file, string? language) =>
        XDocument.Load(Path.Combine(Sources(), file + (language is null ? "" : "." + language) + ".resx")).Root!.Elements("data")
            .ToDictionary(static e => e.Attribute("name")!.Value, static e => e.Element("value")!.Value, StringComparer.Ordinal);

    private static IEnumerable<string> Marks(string text) => Mark.Matches(text).Select(static m => m.Value).Order(StringComparer.Ordinal);

    private static string Sources([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src"));

    [GeneratedRegex(@"\{[0-9][^}]*\}|</?[a-z][^>]*>")]
    private static partial Regex Mark { get; }
}
