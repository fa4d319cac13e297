namespace AuthServer.Engine.Administration;

/// <summary>What names and texts of the directory may look like.</summary>
internal static class DirectoryNames
{
    private const int MaximumName = 100;
    private const int MaximumText = 1_000;

    /// <summary>As the store compares names.</summary>
    public static string Normalize(string name) => name.Normalize().ToUpperInvariant();

    /// <summary>The name without blanks around it; null where it is not good, with the objection.</summary>
    public static string? Name(string? typed, List<Objection> objections)
    {
        var name = typed?.Trim().Normalize() ?? "";
        if (name.Length == 0) objections.Add(new Objection("name", "required", "A name is needed."));
        else if (name.Length > MaximumName) objections.Add(new Objection("name", "too_long", $"A name has at most {MaximumName} characters."));
        else if (name.Any(char.IsControl)) objections.Add(new Objection("name", "malformed", "A name is one line of text."));
        else return name;
        return null;
    }

    /// <summary>A right's name stands in lists that apps split at blanks.</summary>
    public static string? RightName(string? typed, List<Objection> objections)
    {
        var name = Name(typed, objections);
        if (name is null || !name.Any(static c => char.IsWhiteSpace(c) || c is '"' or '\\' or ',')) return name;
        objections.Add(new Objection("name", "malformed", "A right's name has no blanks, commas, quotes or backslashes; for example orders:read."));
        return null;
    }

    /// <summary>What is null stays, an empty text takes away.</summary>
    public static string? Text(string field, string? typed, string? before, List<Objection> objections, int maximum = MaximumText)
    {
        if (typed is null) return before;
        var text = typed.Trim();
        if (text.Length > maximum) objections.Add(new Objection(field, "too_long", $"At most {maximum} characters."));
        if (text.Any(static c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) objections.Add(new Objection(field, "malformed", "Control characters are not text."));
        return text.Length == 0 ? null : text;
    }
}
