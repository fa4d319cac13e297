using Xunit;

namespace AuthServer.ArchitectureTests;

public sealed class SizeTests
{
    private const int MostLines = 300;
    private const int MostLinesOfReadme = 10;

    [Fact]
    public void No_file_has_more_than_300_lines() => Report.None(
        from file in SourceTree.Files
        where !file.IsGenerated && file.Lines.Count > MostLines
        select $"{file.Path}:{MostLines}: {file.Lines.Count} lines\n    One idea per file; split it.");

    [Fact]
    public void Each_project_says_in_ten_lines_what_it_owns_and_what_it_must_not_know() => Report.None(
        from folder in Directory.GetDirectories(Path.Combine(SourceTree.Root, "src"))
        let readme = Path.Combine(folder, "README.md")
        let lines = File.Exists(readme) ? File.ReadAllLines(readme).Length : 0
        where lines is 0 or > MostLinesOfReadme
        select $"src/{Path.GetFileName(folder)}/README.md: {lines} lines\n    Between 1 and {MostLinesOfReadme}.");

    [Fact]
    public void The_rules_see_the_whole_tree()
    {
        Assert.True(SourceTree.Files.Count > 100, $"Only {SourceTree.Files.Count} files were found.");
        Assert.Contains(SourceTree.Files, file => file.Path == "src/AuthServer/Program.cs");
        Assert.Contains(SourceTree.Files, file => file.Path.EndsWith(".cshtml", StringComparison.Ordinal));
        Assert.DoesNotContain(SourceTree.Files, file => file.Path.Contains("/obj/", StringComparison.Ordinal));
    }
}
