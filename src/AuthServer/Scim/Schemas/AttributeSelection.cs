using System.Text.Json.Nodes;
using AuthServer.Scim.Filters;
using AuthServer.Scim.Messages;

namespace AuthServer.Scim.Schemas;

/// <summary>Which attributes an answer shows (RFC 7644 §3.9): those asked for, or all but those left out; <c>id</c> and <c>schemas</c> always.</summary>
internal sealed class AttributeSelection
{
    private const int Most = 100;

    private readonly IReadOnlyList<AttributeName> _names;
    private readonly bool _leaveOut;

    private AttributeSelection(IReadOnlyList<AttributeName> names, bool leaveOut) => (_names, _leaveOut) = (names, leaveOut);

    public static AttributeSelection All { get; } = new([], leaveOut: true);

    /// <summary>Whether nothing in particular was asked for.</summary>
    public bool IsDefault => _names.Count == 0;

    public static (AttributeSelection? Selection, ScimError? Fault) Read(IReadOnlyList<string> attributes, IReadOnlyList<string> excluded)
    {
        if (attributes.Count > 0 && excluded.Count > 0) return (null, ScimError.InvalidValue("attributes and excludedAttributes exclude each other."));
        var texts = attributes.Count > 0 ? attributes : excluded;
        var names = texts.Take(Most + 1).Select(static t => AttributeName.Read(t.Trim())).ToList();
        if (names.Count > Most || names.Contains(null)) return (null, ScimError.InvalidValue($"attributes and excludedAttributes are at most {Most} names of attributes."));
        return (new AttributeSelection([.. names.Select(static n => n!)], leaveOut: attributes.Count == 0), null);
    }

    /// <summary>Whether the attribute has to be looked up at all.</summary>
    public bool Shows(string attribute)
    {
        var named = _names.Where(n => n.Name.Equals(attribute, StringComparison.OrdinalIgnoreCase));
        return _leaveOut ? !named.Any(static n => n.Sub is null) : named.Any();
    }

    public JsonObject Of(JsonObject resource)
    {
        if (IsDefault) return resource;
        foreach (var name in resource.Select(static m => m.Key).Where(static n => n is not ("id" or "schemas")).ToList())
        {
            var subs = _names.Where(n => n.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(static n => n.Sub).ToList();
            if (!Shows(name)) resource.Remove(name);
            else if (subs.Count > 0 && !subs.Contains(null)) foreach (var part in Parts(resource[name])) Cut(part, subs!);
        }

        return resource;
    }

    private static IEnumerable<JsonObject> Parts(JsonNode? value) => value switch { JsonObject one => [one], JsonArray many => many.OfType<JsonObject>(), _ => [] };

    private void Cut(JsonObject part, List<string> subs)
    {
        foreach (var sub in part.Select(static m => m.Key).Where(s => subs.Contains(s, StringComparer.OrdinalIgnoreCase) == _leaveOut).ToList()) part.Remove(sub);
    }
}
