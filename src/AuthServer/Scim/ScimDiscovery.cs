using System.Text.Json.Nodes;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Resources;
using AuthServer.Scim.Schemas;

namespace AuthServer.Scim;

/// <summary>What this service provider can do (RFC 7644 §4): the same for everybody, so nobody has to say who they are.</summary>
internal static class ScimDiscovery
{
    private const string Why = "says what the protocol can do here, nothing of what is behind it";

    public static void Map(RouteGroupBuilder scim, ScimJson json)
    {
        scim.MapGet("/ServiceProviderConfig", (HttpContext http) => Answer(http, Config(json.Root))).Open(Why);
        scim.MapGet("/Schemas", (HttpContext http) => Answer(http, All(ScimSchemas.All.Select(s => s.Json(json.Root))))).Open(Why);
        scim.MapGet("/Schemas/{id}", (HttpContext http, string id) => Answer(http, ScimSchemas.All.FirstOrDefault(s => s.Id.Equals(id, StringComparison.OrdinalIgnoreCase))?.Json(json.Root))).Open(Why);
        scim.MapGet("/ResourceTypes", (HttpContext http) => Answer(http, All(ScimSchemas.All.Select(s => s.ResourceType(json.Root))))).Open(Why);
        scim.MapGet("/ResourceTypes/{id}", (HttpContext http, string id) => Answer(http, ScimSchemas.All.FirstOrDefault(s => s.Name.Equals(id, StringComparison.OrdinalIgnoreCase))?.ResourceType(json.Root))).Open(Why);
    }

    /// <summary>§4: a filter on these is refused.</summary>
    private static IResult Answer(HttpContext http, JsonObject? body) =>
        http.Request.Query.ContainsKey("filter") ? (ScimAnswer)new ScimError(StatusCodes.Status403Forbidden, null, "What describes the service is not filtered.")
        : body is null ? (ScimAnswer)ScimError.NotFound
        : new ScimAnswer(StatusCodes.Status200OK, body);

    private static JsonObject All(IEnumerable<JsonObject> resources)
    {
        var all = resources.ToArray();
        return new JsonObject { ["schemas"] = new JsonArray(ListRequest.AnswerSchema), ["totalResults"] = all.Length, ["startIndex"] = 1, ["itemsPerPage"] = all.Length, ["Resources"] = new JsonArray([.. all]) };
    }

    /// <summary>RFC 7643 §5.</summary>
    private static JsonObject Config(string root) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"),
        ["patch"] = new JsonObject { ["supported"] = true },
        ["bulk"] = new JsonObject { ["supported"] = true, ["maxOperations"] = ScimBulk.MaximumOperations, ["maxPayloadSize"] = ScimBody.MaximumOfBulk },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ListRequest.MaximumCount },
        ["changePassword"] = new JsonObject { ["supported"] = true },
        ["sort"] = new JsonObject { ["supported"] = true },
        ["etag"] = new JsonObject { ["supported"] = true },
        ["authenticationSchemes"] = new JsonArray(new JsonObject
        {
            ["type"] = "oauthbearertoken", ["name"] = "OAuth 2.0 access token", ["description"] = "An access token of this server with the scopes users:read, users:write, directory:read and directory:write, as far as they are needed.",
            ["specUri"] = "https://www.rfc-editor.org/info/rfc6750", ["primary"] = true,
        }),
        ["meta"] = new JsonObject { ["resourceType"] = "ServiceProviderConfig", ["location"] = root + "/ServiceProviderConfig" },
    };
}
