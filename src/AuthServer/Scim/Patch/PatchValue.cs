using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Schemas;

namespace AuthServer.Scim.Patch;

/// <summary>Makes of a value that was sent one of the attribute's type, or says that it is none.</summary>
internal static class PatchValue
{
    /// <summary>More than anybody has.</summary>
    private const int MostValues = 100;

    private static ScimError Wrong(ScimAttribute attribute) => ScimError.InvalidValue($"The value of {attribute.Name} is not of its type, {attribute.Type}{(attribute.MultiValued ? ", several" : "")}.");

    /// <summary>A null of a simple attribute is a null here too: it takes away.</summary>
    public static (JsonNode? Value, ScimError? Fault) Simple(ScimAttribute attribute, JsonNode? value)
    {
        // Entra ID has sent [{"value":"…"}] where one text is meant.
        if (value is JsonArray { Count: 1 } list && list[0] is JsonObject wrapped && wrapped.ContainsKey("value")) value = wrapped["value"];
        if (value is null) return (null, null);
        if (value is not JsonValue simple) return (null, Wrong(attribute));
        return (attribute.Type, simple.GetValueKind()) switch
        {
            ("boolean", JsonValueKind.True or JsonValueKind.False) => (simple.DeepClone(), null),
            // Entra ID sends "True" and "False".
            ("boolean", JsonValueKind.String) when bool.TryParse(simple.GetValue<string>(), out var truth) => (JsonValue.Create(truth), null),
            ("string" or "reference" or "dateTime", JsonValueKind.String) => (simple.DeepClone(), null),
            _ => (null, Wrong(attribute)),
        };
    }

    /// <summary>The parts of one complex value that are kept here.</summary>
    public static (JsonObject? Value, ScimError? Fault) Complex(ScimAttribute attribute, JsonNode? value)
    {
        if (value is not JsonObject members) return (null, Wrong(attribute));
        var kept = ScimBody.New();
        foreach (var (name, member) in members)
        {
            if (attribute.Find(name) is not { IsReadOnly: false } part) continue;
            var (simple, fault) = Simple(part, member);
            if (fault is not null) return (null, fault);
            if (simple is not null) kept[part.Name] = simple;
        }

        return (kept, null);
    }

    /// <summary>A list; one value alone is a list of one.</summary>
    public static (IReadOnlyList<JsonObject>? Values, ScimError? Fault) Many(ScimAttribute attribute, JsonNode? value)
    {
        var all = new List<JsonObject>();
        foreach (var item in value is JsonArray list ? list.ToList() : value is null ? [] : [value])
        {
            var (one, fault) = Complex(attribute, item);
            if (one is null) return (null, fault);
            all.Add(one);
            if (all.Count > MostValues) return (null, ScimError.TooMany($"{attribute.Name} has at most {MostValues} values."));
        }

        return (all, null);
    }

    /// <summary>A whole resource as it was sent, with what is kept of it and may be written.</summary>
    public static (JsonObject? Resource, ScimError? Fault) Resource(ScimSchema schema, JsonObject body)
    {
        var kept = ScimBody.New();
        foreach (var attribute in schema.Attributes.Where(static a => !a.IsReadOnly))
        {
            if (!body.TryGetPropertyValue(attribute.Name, out var value) || value is null) continue;
            var (read, fault) = Read(attribute, value);
            if (fault is not null) return (null, fault);
            if (read is not null) kept[attribute.Name] = read;
        }

        return (kept, null);
    }

    private static (JsonNode?, ScimError?) Read(ScimAttribute attribute, JsonNode value)
    {
        if (attribute.Type != "complex") return Simple(attribute, value);
        if (!attribute.MultiValued) return Complex(attribute, value);
        var (values, fault) = Many(attribute, value);
        return values is null ? (null, fault) : (new JsonArray([.. values]), null);
    }
}
