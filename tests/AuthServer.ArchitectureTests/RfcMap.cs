using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AuthServer.ArchitectureTests;

/// <summary>Makes docs/rfc-map.md from the <c>[Spec]</c> attributes: which section of which specification is held by which test.</summary>
internal static partial class RfcMap
{
    public static string Make()
    {
        var held = new SortedDictionary<string, SortedDictionary<string, SortedSet<string>>>(StringComparer.Ordinal);
        foreach (var file in SourceTree.FilesBelow("tests").Where(static f => f.EndsWith(".cs", StringComparison.Ordinal)))
        {
            var type = Path.GetFileNameWithoutExtension(file);
            var pending = new List<string>();
            foreach (var line in File.ReadLines(file))
            {
                pending.AddRange(Attribute.Matches(line).Select(static m => m.Groups[1].Value));
                if (Method.Match(line) is not { Success: true } method)
                {
                    if (TypeDeclaration.IsMatch(line)) pending.Clear();
                    continue;
                }

                foreach (var section in pending) Add(held, section, $"{type}.{method.Groups[1].Value}");
                pending.Clear();
            }
        }

        var text = new StringBuilder("# Which test holds which section\n\nMade from the tests' `[Spec]` attributes.\n");
        foreach (var (specification, sections) in held)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {specification}\n\n| section | tests |\n|---|---|\n");
            foreach (var (section, tests) in sections) text.Append(CultureInfo.InvariantCulture, $"| {section} | {string.Join("<br>", tests.Select(static t => $"`{t}`"))} |\n");
        }

        return text.ToString();
    }

    private static void Add(SortedDictionary<string, SortedDictionary<string, SortedSet<string>>> held, string citation, string test)
    {
        var sign = citation.IndexOf('§', StringComparison.Ordinal);
        var (specification, section) = sign < 0 ? (citation.Trim(), "") : (citation[..sign].Trim(), citation[sign..].Trim());
        if (!held.TryGetValue(specification, out var sections)) held[specification] = sections = new(StringComparer.Ordinal);
        if (!sections.TryGetValue(section, out var tests)) sections[section] = tests = new(StringComparer.Ordinal);
        tests.Add(test);
    }

    [GeneratedRegex("""\bSpec\("([^"]+)"\)""")]
    private static partial Regex Attribute { get; }

    [GeneratedRegex(@"^\s*(?:public|internal|protected)\s[^=;]*?\b(\w+)(?:<\w+>)?\(")]
    private static partial Regex Method { get; }

    [GeneratedRegex(@"^\s*(?:public|internal)?\s*(?:abstract |sealed |static |partial )*(?:class|record|struct|interface)\s")]
    private static partial Regex TypeDeclaration { get; }
}
