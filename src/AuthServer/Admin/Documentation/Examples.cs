using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace AuthServer.Admin.Documentation;

/// <summary>Examples of bodies and answers: made of the schema, with words that look like what they are.</summary>
internal static class Examples
{
    private const int Deepest = 4;

    /// <summary>Where all members together would make no sense.</summary>
    private static readonly Dictionary<Type, string> Written = new()
    {
        [typeof(NewClientBody)] = """{ "kind": "spa", "client_name": "Notes", "redirect_uris": ["https://notes.example.com/callback"], "post_logout_redirect_uris": ["https://notes.example.com/"], "scope": "openid profile email" }""",
        [typeof(ClientBody)] = """{ "client_name": "Notes", "redirect_uris": ["https://notes.example.com/callback"], "logo_uri": null }""",
    };

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["client_id"] = "notes", ["client_name"] = "Notes", ["name"] = "editors", ["display_name"] = "Editors", ["description"] = "May edit what others wrote.", ["user_name"] = "alice", ["email"] = "alice@example.com",
        ["phone_number"] = "+15550100", ["scope"] = "openid profile", ["resources"] = "https://api.example.com", ["redirect_uris"] = "https://notes.example.com/callback", ["address"] = "192.0.2.1", ["password"] = "a phrase that only they know",
        ["grant_types"] = "authorization_code", ["response_types"] = "code", ["token_endpoint_auth_method"] = "none", ["application_type"] = "web", ["claims"] = "email", ["given_name"] = "Alice", ["family_name"] = "Adams", ["scopes"] = "users:read",
        ["external_id"] = "hr-4711", ["client_secret"] = "shown once", ["next"] = "WyJub3RlcyJd", ["kind"] = "spa", ["start"] = "ask_4fK9aQzX", ["key"] = "shown once", ["allowed_addresses"] = "192.0.2.0/24", ["kid"] = "2026-01", ["alg"] = "ES256",
    };

    public static JsonNode? Of(Type type, IOpenApiSchema schema) => Written.TryGetValue(type, out var text) ? JsonNode.Parse(text) : Of("", schema, 0);

    private static JsonNode? Of(string name, IOpenApiSchema schema, int depth)
    {
        if (schema.Enum is [var first, ..]) return first?.DeepClone();
        if (schema.OneOf is [_, ..] || schema.AnyOf is [_, ..]) return (schema.OneOf ?? schema.AnyOf)!.FirstOrDefault(static s => s.Type != JsonSchemaType.Null) is { } some ? Of(name, some, depth + 1) : null;
        var kind = (schema.Type ?? JsonSchemaType.Null) & ~JsonSchemaType.Null;
        if (kind.HasFlag(JsonSchemaType.Object) || schema.Properties?.Count > 0) return depth > Deepest ? new JsonObject() : Object(schema, depth);
        if (kind.HasFlag(JsonSchemaType.Array)) return schema.Items is { } items && depth <= Deepest && Of(name, items, depth + 1) is { } item ? new JsonArray(item) : new JsonArray();
        if (kind.HasFlag(JsonSchemaType.Boolean)) return true;
        if (kind.HasFlag(JsonSchemaType.Integer) || kind.HasFlag(JsonSchemaType.Number)) return 1;
        return schema.Format switch
        {
            "date-time" => "2026-01-31T12:00:00+00:00",
            _ when Words.TryGetValue(name, out var word) => word,
            _ when name == "id" || name.EndsWith("_id", StringComparison.Ordinal) => "8f14e45f-ceea-467f-a1d2-91e3a8b6c7d0",
            _ when name.EndsWith("_uri", StringComparison.Ordinal) => "https://notes.example.com/",
            _ => "text",
        };
    }

    private static JsonObject Object(IOpenApiSchema schema, int depth)
    {
        var example = new JsonObject();
        foreach (var (name, member) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>()) example[name] = Of(name, member, depth + 1);
        return example;
    }
}
