using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthServer.Engine.Administration;

/// <summary>JSON merge patch (RFC 7396): what is left out stays as it is, null takes a member away, an object is merged, everything else replaces.</summary>
public static class MergePatch
{
    /// <param name="whole">Members that are one value though they are objects, such as a key set: half of the old one must not stay.</param>
    public static JsonObject Apply(JsonObject target, JsonElement patch, params IReadOnlyCollection<string> whole)
    {
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) target.Remove(member.Name);
            else if (member.Value.ValueKind == JsonValueKind.Object && !whole.Contains(member.Name)) target[member.Name] = Apply(target[member.Name] as JsonObject ?? [], member.Value);
            else target[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        return target;
    }
}
