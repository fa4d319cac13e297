using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthServer.Engine.Upstream;

/// <summary>Who a provider says a person is. Made only from answers that were checked.</summary>
/// <param name="Subject">Stays the same at this provider, and means nothing elsewhere.</param>
/// <param name="Claims">In our names.</param>
/// <param name="MultiFactor">The provider says that it asked for two factors.</param>
public sealed record UpstreamIdentity(string Subject, JsonObject Claims, bool MultiFactor)
{
    public string? Email => Text("email");

    public bool EmailVerified => Claims["email_verified"] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public string? Text(string name) => Claims[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>Adds the claims of one answer, each under the name it has here; what is there already stays.</summary>
    internal static void Add(JsonObject claims, JsonElement answer, IReadOnlyDictionary<string, string> mapping)
    {
        foreach (var claim in answer.EnumerateObject())
        {
            var name = mapping.TryGetValue(claim.Name, out var ours) ? ours : claim.Name;
            if (!claims.ContainsKey(name)) claims[name] = JsonNode.Parse(claim.Value.GetRawText());
        }
    }
}
