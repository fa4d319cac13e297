namespace AuthServer.Scim.Filters;

/// <summary>An attribute as a filter or a path names it: <c>urn:…:User:name.familyName</c>.</summary>
/// <param name="Schema">Null where none was named.</param>
internal sealed record AttributeName(string? Schema, string Name, string? Sub)
{
    /// <summary>Null where it is no name (RFC 7644 §3.10).</summary>
    public static AttributeName? Read(string text)
    {
        var (schema, rest) = text.LastIndexOf(':') is var colon and > 0 ? (text[..colon], text[(colon + 1)..]) : (null, text);
        if (schema is not null && !schema.StartsWith("urn:", StringComparison.OrdinalIgnoreCase)) return null;
        var parts = rest.Split('.');
        return parts.Length <= 2 && parts.All(IsName) ? new AttributeName(schema, parts[0], parts.Length == 2 ? parts[1] : null) : null;
    }

    private static bool IsName(string text) => text.Length is > 0 and <= 64 && (char.IsAsciiLetter(text[0]) || text == "$ref") && text.Skip(1).All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Without the schema, in small letters.</summary>
    public string Key => (Sub is null ? Name : Name + "." + Sub).ToLowerInvariant();
}

/// <summary>A filter as it was written (RFC 7644 §3.4.2.2).</summary>
internal abstract record Filter
{
    private Filter() { }

    public sealed record And(Filter Left, Filter Right) : Filter;

    public sealed record Or(Filter Left, Filter Right) : Filter;

    public sealed record Not(Filter Of) : Filter;

    public sealed record Present(AttributeName Attribute) : Filter;

    /// <param name="Operator">In small letters: eq, ne, co, sw, ew, gt, ge, lt, le.</param>
    /// <param name="Value">A text, a number (decimal), true or false, or null.</param>
    public sealed record Compare(AttributeName Attribute, string Operator, object? Value) : Filter;

    /// <summary><c>emails[type eq "work"]</c>: one value for which all of it holds.</summary>
    public sealed record Values(AttributeName Attribute, Filter Of) : Filter;
}
