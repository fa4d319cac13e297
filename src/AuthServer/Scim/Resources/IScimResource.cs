using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Schemas;

namespace AuthServer.Scim.Resources;

/// <summary>Who asks, what they want to see, and which version they have read.</summary>
internal sealed record ScimCall(Actor Actor, AttributeSelection Selection, EntityTags IfMatch, CancellationToken Ct);

/// <summary>A kind of resource: what can be done with one, by single requests and in bulk alike.</summary>
internal interface IScimResource
{
    ScimSchema Schema { get; }

    /// <summary>The right it takes to read.</summary>
    string Read { get; }

    /// <summary>The right it takes to change; what a change answers is read, so the other one is needed too.</summary>
    string Write { get; }

    Task<ScimAnswer> FindAsync(ScimCall call, string id);

    Task<ScimAnswer> ListAsync(ScimCall call, ListRequest request);

    Task<ScimAnswer> CreateAsync(ScimCall call, JsonObject body);

    Task<ScimAnswer> ReplaceAsync(ScimCall call, string id, JsonObject body);

    Task<ScimAnswer> PatchAsync(ScimCall call, string id, JsonObject body);

    Task<ScimAnswer> RemoveAsync(ScimCall call, string id);
}
