using System.Text.Json.Nodes;

namespace AuthServer.Engine.Administration.Configuration;

/// <summary>Holds a document against what is there.</summary>
internal static class ConfigurationDifference
{
    /// <summary>What speaks against the document as a whole; empty: it can be applied.</summary>
    public static IReadOnlyList<Objection> Objections(JsonObject document)
    {
        var objections = new List<Objection>();
        if (document["version"] is not JsonValue version || !version.TryGetValue<int>(out var number) || number != ConfigurationExport.Version)
            objections.Add(new Objection("version", "unknown", $"version must be {ConfigurationExport.Version}."));
        foreach (var (name, value) in document)
        {
            if (name == "version") continue;
            if (ConfigurationKind.All.FirstOrDefault(k => k.Name == name) is not { } kind) objections.Add(new Objection(name, "unknown", $"There is no member {name}; there are version, " + string.Join(", ", ConfigurationKind.All.Select(static k => k.Name)) + "."));
            else if (value is not JsonArray list) objections.Add(new Objection(name, "malformed", $"{name} must be a list."));
            else objections.AddRange(OfList(kind, list));
        }

        return objections;
    }

    private static IEnumerable<Objection> OfList(ConfigurationKind kind, JsonArray list)
    {
        var seen = new HashSet<string>(kind.Names);
        for (var i = 0; i < list.Count; i++)
        {
            var place = $"{kind.Name}[{i}]";
            if (list[i] is not JsonObject entry || KeyOf(kind, entry) is not { } key) yield return new Objection(place, "malformed", $"{place} must be an object with a {kind.Key}.");
            else if (!seen.Add(key)) yield return new Objection(place, "malformed", $"{place}: {key} is there twice.");
            else
            {
                foreach (var member in kind.Members.Count == 0 ? [] : entry.Select(static m => m.Key).Where(m => !kind.Members.Contains(m) && !kind.Links.Contains(m)))
                    yield return new Objection(place, "unknown", $"{place}: there is no member {member}.");
                foreach (var link in kind.Links.Where(l => entry[l] is { } names && !IsNames(names))) yield return new Objection(place, "malformed", $"{place}: {link} must be a list of names.");
            }
        }
    }

    /// <summary>The members of an entry that are not what they are here. What the entry leaves out stays, whatever it is.</summary>
    /// <param name="present">Null: there is no such entry.</param>
    public static IReadOnlyList<MemberChange> Members(ConfigurationKind kind, JsonObject? present, JsonObject wanted)
    {
        var changes = new List<MemberChange>();
        foreach (var (name, after) in wanted)
        {
            var before = present?[name];
            if (name == kind.Key && present is not null && kind.Members.Count == 0) continue;
            var same = kind.Links.Contains(name) ? NamesOf(before).SetEquals(NamesOf(after)) : JsonNode.DeepEquals(Meant(name, before), Meant(name, after));
            if (!same) changes.Add(new MemberChange(name, before?.ToJsonString(), after?.ToJsonString()));
        }

        return changes;
    }

    public static IEnumerable<JsonObject> Entries(JsonObject document, ConfigurationKind kind) => (document[kind.Name] as JsonArray ?? []).OfType<JsonObject>();

    public static string? KeyOf(ConfigurationKind kind, JsonObject entry) => entry[kind.Key] is JsonValue value && value.TryGetValue<string>(out var key) && key.Trim().Length > 0 ? key.Trim() : null;

    public static HashSet<string> NamesOf(JsonNode? names) => (names as JsonArray ?? []).Select(static n => n!.GetValue<string>()).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static bool IsNames(JsonNode node) => node is JsonArray list && list.All(static n => n is JsonValue value && value.TryGetValue<string>(out _));

    /// <summary>An empty text or list says the same as nothing at all; the case of a name and the order of words do not count where the server does not count them either.</summary>
    private static JsonNode? Meant(string member, JsonNode? node) => node switch
    {
        JsonArray { Count: 0 } => null,
        JsonArray list when member == "response_types" => new JsonArray([.. list.Select(static n => n is null ? null : Words(n))]),
        JsonValue value when value.TryGetValue<string>(out var text) => text.Length == 0 ? null : member switch { "organization" => text.ToUpperInvariant(), "scope" => Words(node), _ => node },
        _ => node,
    };

    private static JsonNode Words(JsonNode node) => node is JsonValue value && value.TryGetValue<string>(out var text)
        ? JsonValue.Create(string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)))
        : node.DeepClone();
}
