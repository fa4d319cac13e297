using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AuthServer.Engine.Administration;
using AuthServer.Ui.Pages.Admin;
using Xunit;

namespace AuthServer.UnitTests.Ui;

/// <summary>The texts of the administration: none is missing, none is left over. They are in English only.</summary>
public sealed partial class AdminTextsTests
{
    private static readonly HashSet<string> Keys = XDocument.Load(Path.Combine(UiFolder(), "AdminTexts.resx")).Root!.Elements("data").Select(static e => e.Attribute("name")!.Value).ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void Every_text_a_page_asks_for_exists()
    {
        var asked = Sources().SelectMany(static text => Key.Matches(text).SelectMany(static m => m.Groups["key"].Captures.Select(static c => c.Value))).Where(static k => !k.EndsWith('_')).ToList();

        Assert.True(asked.Count > 200, $"Only {asked.Count} were found.");
        Assert.DoesNotContain(asked, static k => !Keys.Contains(k));
    }

    [Fact]
    public void Every_act_section_and_kind_has_its_texts()
    {
        var wanted = UserActs.All.SelectMany(static a => new[] { UserActs.Key(a.Name, ""), UserActs.Key(a.Name, "_Help"), a.Name == "delete" ? "Done_delete" : "Done_" + a.Name })
            .Concat(AdminMenu.Entries.Select(static e => e.Key)).Concat(ClientKinds.All.SelectMany(static k => new[] { "Kind_" + k, "KindHelp_" + k, "NewClient_Title_" + k }))
            .Concat(from kind in new[] { "organizations", "groups", "roles", "rights" } from part in new[] { "Title", "New", "LeadIn", "None", "NameHelp", "Delete", "DeleteHelp" } select $"Entry_{kind}_{part}");

        Assert.DoesNotContain(wanted, static k => !Keys.Contains(k));
    }

    [Fact]
    public void No_text_is_left_that_nobody_asks_for()
    {
        var written = Sources().SelectMany(static text => Literal.Matches(text).Select(static m => m.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        var beginnings = written.Where(static text => text.EndsWith('_')).ToList();
        // The entries' kinds stand in the address, the acts' words in UserActs.
        Assert.DoesNotContain(Keys, key => !written.Contains(key) && !beginnings.Exists(b => key.StartsWith(b, StringComparison.Ordinal)) && !(Composed.Match(key) is { Success: true } parts && written.Contains(parts.Groups["part"].Value)) && !key.StartsWith("Act_", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_message_that_an_act_leaves_in_the_address_has_a_text_and_every_such_text_an_act()
    {
        var said = Sources().SelectMany(static text => Said.Matches(text).Select(static m => m.Groups[1].Value)).Concat(UserActs.All.Select(static a => a.Name)).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(said.Order(StringComparer.Ordinal), Keys.Where(static k => k.StartsWith("Done_", StringComparison.Ordinal)).Select(static k => k["Done_".Length..]).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Sources() =>
        from file in Directory.EnumerateFiles(Path.Combine(UiFolder(), "Pages", "Admin"), "*.cs*")
        select File.ReadAllText(file);

    private static string UiFolder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/AuthServer.Ui"));

    [GeneratedRegex("""\b(?:A|Texts)\[(?:[^"\]]*\? )?"(?<key>\w+)"(?: : "(?<key>\w+)")?[\],]""")]
    private static partial Regex Key { get; }

    [GeneratedRegex("\"([\\w-]+)\"")]
    private static partial Regex Literal { get; }

    [GeneratedRegex("^Entry_(?:organizations|groups|roles|rights)_(?<part>\\w+)$")]
    private static partial Regex Composed { get; }

    [GeneratedRegex("""(?:\?done=|Here\(")([a-z][a-z-]*)""")]
    private static partial Regex Said { get; }
}
