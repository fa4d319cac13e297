using System.Text.Json;

namespace AuthServer.Cli.Import.Keycloak;

/// <summary>A realm export of Keycloak: the parts that can be taken over. Each is optional, so files with only the users of a realm are read as well.</summary>
internal static class KeycloakRealm
{
    private static readonly HashSet<string> OwnClients = new(StringComparer.Ordinal) { "account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console" };

    public static bool IsOwnClient(string clientId) => OwnClients.Contains(clientId);

    /// <summary>Roles that Keycloak makes for itself.</summary>
    public static bool IsOwnRole(string name) => name is "offline_access" or "uma_authorization" || name.StartsWith("default-roles-", StringComparison.Ordinal);

    public static IEnumerable<JsonElement> List(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    public static IEnumerable<JsonProperty> Map(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var map) && map.ValueKind == JsonValueKind.Object ? map.EnumerateObject() : [];

    public static string? Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()) ? value.GetString() : null;

    public static IReadOnlyList<string> Texts(JsonElement element, string member) => [.. List(element, member).Where(static i => i.ValueKind == JsonValueKind.String).Select(static i => i.GetString()!)];

    /// <summary>Some exports write truths as texts.</summary>
    public static bool? Truth(JsonElement element, string member) => !element.TryGetProperty(member, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true, JsonValueKind.False => false, JsonValueKind.String when bool.TryParse(value.GetString(), out var said) => said, _ => null,
    };

    public static string Attribute(JsonElement element, string name)
    {
        foreach (var attribute in Map(element, "attributes"))
            if (attribute.Name == name) return attribute.Value.ValueKind == JsonValueKind.Array ? attribute.Value.EnumerateArray().Select(static v => v.ToString()).FirstOrDefault() ?? "" : attribute.Value.ToString();
        return "";
    }

    /// <summary>Realm roles by their names; a client's roles with the client's id before them.</summary>
    public static IEnumerable<string> RolesOf(JsonElement holder) =>
        Texts(holder, "realmRoles").Where(static r => !IsOwnRole(r)).Concat(Map(holder, "clientRoles").Where(static c => !IsOwnClient(c.Name))
            .SelectMany(static c => c.Value.EnumerateArray().Where(static r => r.ValueKind == JsonValueKind.String).Select(r => $"{c.Name}/{r.GetString()}")));

    /// <summary>Every group with its way from the root, without the first stroke: <c>sales/emea</c>.</summary>
    public static IEnumerable<(string Name, JsonElement Group)> Groups(JsonElement realm) => List(realm, "groups").SelectMany(static g => Below("", g));

    private static IEnumerable<(string Name, JsonElement Group)> Below(string parent, JsonElement group)
    {
        if (Text(group, "name") is not { } own) return [];
        var name = parent + own;
        return List(group, "subGroups").SelectMany(g => Below(name + "/", g)).Prepend((name, group));
    }
}
