using System.Text.RegularExpressions;

namespace AuthServer.ArchitectureTests;

/// <summary>One C# file (or Razor page) as text: its path below the repository, its namespace, and its lines of code without comments and strings.</summary>
internal sealed partial class SourceFile
{
    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)")]
    private static partial Regex NamespaceLine { get; }

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?:\s+struct|\s+class)?)\s+([A-Z]\w*)")]
    private static partial Regex TypeDeclaration { get; }

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)'")]
    private static partial Regex Literal { get; }

    private SourceFile(string path, string[] lines)
    {
        Path = path;
        Lines = lines;
        Code = [.. lines.Select(WithoutComment)];
        Namespace = Code.Select(line => NamespaceLine.Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value ?? NamespaceOfFolder(path);
    }

    /// <summary>Below the repository, with forward slashes: <c>src/AuthServer/Program.cs</c>.</summary>
    public string Path { get; }

    public IReadOnlyList<string> Lines { get; }

    /// <summary>The lines again, emptied of comments and of what stands in quotes.</summary>
    public IReadOnlyList<string> Code { get; }

    public string Namespace { get; }

    public bool IsGenerated => Path.Contains("/Migrations/", StringComparison.Ordinal);

    public static SourceFile Read(string root, string file) => new(System.IO.Path.GetRelativePath(root, file).Replace('\\', '/'), File.ReadAllLines(file));

    public static SourceFile FromText(string path, string text) => new(path, text.Split('\n'));

    /// <summary>The types that the file declares, each with the number of its line.</summary>
    public IEnumerable<(int Line, string Name)> Types() => Code.SelectMany((line, index) => TypeDeclaration.Matches(line).Select(match => (index + 1, match.Groups[1].Value)));

    private static string WithoutComment(string line)
    {
        var code = Literal.Replace(line, "\"\"");
        var comment = code.IndexOf("//", StringComparison.Ordinal);
        return comment < 0 ? code : code[..comment];
    }

    /// <summary>A Razor page names none; the folder is it. So it is for a top-level program.</summary>
    private static string NamespaceOfFolder(string path) => string.Join('.', path.Split('/')[1..^1]);
}
