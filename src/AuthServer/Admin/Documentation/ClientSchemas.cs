using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AuthServer.Admin.Documentation;

/// <summary>A client's metadata has one list of members, the engine's. Here it becomes part of three schemas.</summary>
internal static class ClientSchemas
{
    public static async Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is not null || (type != typeof(ClientBody) && type != typeof(NewClientBody) && type != typeof(ClientAnswer))) return;

        schema.Type = JsonSchemaType.Object;
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        foreach (var member in ClientJson.Options.GetTypeInfo(typeof(Client)).Properties)
        {
            if (schema.Properties.ContainsKey(member.Name) || (type == typeof(ClientBody) && member.Name == "client_id")) continue;
            var one = member.Name switch
            {
                "scope" => new OpenApiSchema { Type = JsonSchemaType.String, Description = "Scopes separated by spaces; left out: every scope that is not reserved." },
                "jwks" => new OpenApiSchema { Type = JsonSchemaType.Object, Description = "A JWK set (RFC 7517 §5)." },
                _ => await context.GetOrCreateSchemaAsync(member.PropertyType, null, ct),
            };
            // In a merge patch null takes the member away.
            if (type == typeof(ClientBody)) one.Type |= JsonSchemaType.Null;
            schema.Properties[member.Name] = one;
        }

        schema.Description ??= type == typeof(ClientAnswer) ? "A client: RFC 7591 metadata and what this server says of it. Members without a value are left out." : "RFC 7591 metadata of a client.";
        if (type == typeof(NewClientBody) && schema.Properties.TryGetValue("kind", out var kind) && kind is OpenApiSchema words) words.Enum = [.. ClientKinds.All.Select(static k => System.Text.Json.Nodes.JsonValue.Create(k)!)];
    }
}
