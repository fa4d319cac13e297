using AuthServer.Scim.Filters;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Schemas;

namespace AuthServer.Scim.Patch;

/// <summary>Where a patch changes something (RFC 7644 §3.5.2, figure 7): <c>emails[type eq "work"].value</c>.</summary>
/// <param name="Attribute">Null: of the standard, but not kept here.</param>
internal sealed record PatchPath(ScimAttribute? Attribute, Filter? Filter, ScimAttribute? Sub)
{
    private static readonly PatchPath Nowhere = new(null, null, null);

    public static (PatchPath? Path, ScimError? Fault) Read(string text, ScimSchema schema)
    {
        text = text.Trim();
        if (StartsWithSchema(text, ScimSchemas.Enterprise)) return schema == ScimSchemas.User ? (Nowhere, null) : Unknown();
        if (StartsWithSchema(text, schema.Id)) text = text[Math.Min(text.Length, schema.Id.Length + 1)..];
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        Filter? filter = null;
        var sub = "";
        if (bracket > 0)
        {
            (filter, var end, var fault) = FilterReader.ReadBracket(text, bracket);
            if (filter is null) return (null, fault);
            if (end < text.Length && text[end] != '.') return Unknown();
            (sub, text) = (end < text.Length ? text[(end + 1)..] : "", text[..bracket]);
            if (end < text.Length && sub.Length == 0) return Unknown();
        }

        if (AttributeName.Read(text) is not { Schema: null } name || (filter is not null && name.Sub is not null)) return Unknown();
        if (schema.IsNotKept(name.Name)) return (Nowhere, null);
        if (schema.Find(name.Name) is not { } attribute || (filter is not null && !attribute.MultiValued)) return Unknown();
        sub = name.Sub ?? sub;
        if (sub.Length == 0) return (new PatchPath(attribute, filter, null), null);
        if (ScimSchemas.IsPartNotKept(attribute, sub)) return (Nowhere, null);
        return attribute.IsReadOnly ? (new PatchPath(attribute, filter, null), null) : attribute.Find(sub) is { } part ? (new PatchPath(attribute, filter, part), null) : Unknown();
    }

    private static bool StartsWithSchema(string text, string schema) => text.StartsWith(schema, StringComparison.OrdinalIgnoreCase) && (text.Length == schema.Length || text[schema.Length] == ':');

    private static (PatchPath?, ScimError?) Unknown() => (null, ScimError.InvalidPath("The path of an operation names no attribute of this resource."));
}
