using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthServer.Engine.Upstream;

/// <summary>Who a provider says a person is. Made only from answers that were checked.</summary>
/// <param name="Subject">Stays the same at this provider, and means nothing elsewhere.</param>
/// <param name="Claims">In our names.</param>
/// <param name="MultiFactor">The provider says that it asked for two factors.</param>
public sealed record UpstreamIdentity(string Subject, JsonObject Claims, bool MultiFactor)
{
    private const string EmailClaim = "email";
    private const string VerifiedClaim = "email_verified";

    /// <summary>When the person proved there who they are; null where the provider does not say.</summary>
    public DateTimeOffset? AuthTime { get; init; }

    public string? Email => Text(EmailClaim);

    public bool EmailVerified => Claims[VerifiedClaim] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    public string? Text(string name) => Claims[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>Adds the claims of one answer, each under the name it has here; what is there already stays.</summary>
    /// <remarks>
    /// <c>email_verified</c> is a word about the <c>email</c> that stands beside it (OpenID Connect Core §5.1). It never counts for an address of another answer, nor for one that came from another claim,
    /// unless the settings name the claim that vouches for that one too.
    /// </remarks>
    internal static void Add(JsonObject claims, JsonElement answer, IReadOnlyDictionary<string, string> mapping)
    {
        var read = Read(answer, mapping);
        if (mapping.Values.Contains(EmailClaim, StringComparer.Ordinal) && !mapping.Values.Contains(VerifiedClaim, StringComparer.Ordinal)) read.Remove(VerifiedClaim);

        var isSameAddress = claims[EmailClaim] is { } known && JsonNode.DeepEquals(known, read[EmailClaim]);
        if (read[EmailClaim] is null || (claims.ContainsKey(EmailClaim) && !isSameAddress)) read.Remove(VerifiedClaim);
        foreach (var (name, value) in read)
            if (!claims.ContainsKey(name)) claims[name] = value?.DeepClone();
    }

    /// <summary>What the settings put under a name goes before the claim that has this name by itself.</summary>
    private static JsonObject Read(JsonElement answer, IReadOnlyDictionary<string, string> mapping)
    {
        var read = new JsonObject();
        foreach (var claim in answer.EnumerateObject().OrderByDescending(c => mapping.ContainsKey(c.Name)))
        {
            var name = mapping.TryGetValue(claim.Name, out var ours) ? ours : claim.Name;
            if (!read.ContainsKey(name)) read[name] = JsonNode.Parse(claim.Value.GetRawText());
        }

        return read;
    }
}
