using System.Text.RegularExpressions;
using Xunit;

namespace AuthServer.ArchitectureTests;

/// <summary>docs/security.md promises by naming tests; a promise whose test was renamed or removed is none.</summary>
public sealed partial class SecurityDocument
{
    private static readonly string Text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "security.md"));

    [Fact]
    public void Every_test_it_names_exists()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText).ToList();
        var named = Named.Matches(Text).Select(static m => (Class: m.Groups["class"].Value, Method: m.Groups["method"].Value)).Distinct().ToList();
        Assert.True(named.Count > 40, "The table names its tests as `Class.Method`.");
        Assert.DoesNotContain(named, name => !tests.Exists(source => source.Contains($"class {name.Class}", StringComparison.Ordinal) && source.Contains($" {name.Method}(", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_requirement_of_both_chapters_at_levels_1_and_2_has_its_row()
    {
        // ASVS 5.0.0: section, and the numbers at level 1 or 2 in it.
        (string Section, int[] Numbers)[] asked =
        [
            ("6.1", [1, 2, 3]), ("6.2", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), ("6.3", [1, 2, 3, 4]), ("6.4", [1, 2, 3, 4]), ("6.5", [1, 2, 3, 4, 5]), ("6.6", [1, 2, 3]), ("6.8", [1, 2, 3, 4]),
            ("7.1", [1, 2, 3]), ("7.2", [1, 2, 3, 4]), ("7.3", [1, 2]), ("7.4", [1, 2, 3, 4, 5]), ("7.5", [1, 2]), ("7.6", [1, 2]),
        ];
        Assert.Equal(asked.SelectMany(static s => s.Numbers, static (s, number) => $"{s.Section}.{number}"), Row.Matches(Text).Select(static m => m.Groups["number"].Value));
    }

    [Fact]
    public void A_row_names_a_test_or_says_why_there_is_none() =>
        Assert.DoesNotContain(Text.Split('\n'), static line => Row.IsMatch(line) && !Named.IsMatch(line) && !line.Contains("| – (", StringComparison.Ordinal));

    [GeneratedRegex(@"`(?<class>[A-Z]\w+)\.(?<method>\w+_\w+)`")]
    private static partial Regex Named { get; }

    [GeneratedRegex(@"^\| (?<number>[67]\.[0-9]+\.[0-9]+) \| [12] \|", RegexOptions.Multiline)]
    private static partial Regex Row { get; }
}
