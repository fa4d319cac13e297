using System.Text.RegularExpressions;

namespace AuthServer.ArchitectureTests;

/// <summary>One line of a file that uses one of our namespaces, or somebody else's.</summary>
internal sealed record Reference(SourceFile File, int Line, string Namespace)
{
    public override string ToString() => $"{File.Path}:{Line}: {File.Lines[Line - 1].Trim()}";
}

/// <summary>Finds them: the <c>using</c> lines, and names that are written out (<c>Engine.Tokens.Grant</c>, <c>Jwks.JwksEndpoint</c>) instead.</summary>
internal sealed partial class References
{
    [GeneratedRegex(@"^\s*@?(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?((?:\w+\.)*\w+)\s*;?\s*$")]
    private static partial Regex UsingLine { get; }

    [GeneratedRegex(@"(?<![\w.])((?:[A-Z]\w*\.)+)([A-Z]\w*)")]
    private static partial Regex QualifiedName { get; }

    private readonly ILookup<string, string> _typesByNamespace;

    public References(IEnumerable<SourceFile> known) =>
        _typesByNamespace = known.SelectMany(file => file.Types().Select(type => (file.Namespace, type.Name))).Distinct().ToLookup(type => type.Namespace, type => type.Name, StringComparer.Ordinal);

    public IEnumerable<Reference> Of(SourceFile file)
    {
        for (var i = 0; i < file.Code.Count; i++)
        {
            if (UsingLine.Match(file.Code[i]) is { Success: true } used)
            {
                // `using static` and an alias name a type; the namespace is what stands before it.
                yield return new Reference(file, i + 1, NamespaceOf(used.Groups[1].Value));
                continue;
            }

            foreach (Match name in QualifiedName.Matches(file.Code[i]))
                if (Resolve(file.Namespace, name.Groups[1].Value.TrimEnd('.'), name.Groups[2].Value) is { } found) yield return new Reference(file, i + 1, found);
        }
    }

    private string NamespaceOf(string used)
    {
        var dot = used.LastIndexOf('.');
        return dot > 0 && _typesByNamespace[used[..dot]].Contains(used[(dot + 1)..]) ? used[..dot] : used;
    }

    /// <summary>As the compiler does: the written qualifier, tried below each namespace that encloses the file.</summary>
    private string? Resolve(string from, string qualifier, string type)
    {
        for (var around = from; ; around = around.Contains('.', StringComparison.Ordinal) ? around[..around.LastIndexOf('.')] : "")
        {
            var candidate = around.Length == 0 ? qualifier : around + "." + qualifier;
            if (_typesByNamespace[candidate].Contains(type)) return candidate;
            if (around.Length == 0) return null;
        }
    }
}
