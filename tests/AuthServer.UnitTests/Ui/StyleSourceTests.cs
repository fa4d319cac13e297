using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace AuthServer.UnitTests.Ui;

/// <summary>Our own styles say start and end: a page that is read from right to left is mirrored without a second style sheet.</summary>
public sealed partial class StyleSourceTests
{
    public static TheoryData<string> Sheets() => [.. Directory.EnumerateFiles(Folder(), "_*.scss").Select(static path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Sheets))]
    public void Nothing_is_laid_out_by_left_and_right(string sheet)
    {
        var source = Comment.Replace(File.ReadAllText(Path.Combine(Folder(), sheet)), "");
        // What follows [dir="rtl"] is there to turn around what Bootstrap lays out by sides.
        var own = Mirrored.Replace(source, "");
        Assert.Empty(Physical.Matches(own).Select(static m => m.Value));
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/AuthServer.Ui/Styles"));

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment { get; }

    [GeneratedRegex(@"\[dir=""rtl""\][^{]*\{[^}]*\}")]
    private static partial Regex Mirrored { get; }

    [GeneratedRegex(@"(?:margin|padding|border)-(?:left|right)[\w-]*\s*:|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)|(?<![\w-])(?:left|right)\s*:")]
    private static partial Regex Physical { get; }
}
