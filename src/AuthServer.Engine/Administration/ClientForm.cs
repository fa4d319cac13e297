using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Clients;

namespace AuthServer.Engine.Administration;

/// <summary>Makes a client of what somebody sent: RFC 7591 metadata for a new one, a merge patch for a change. Knows every member, so that a slip of the pen does not pass for a setting.</summary>
internal static class ClientForm
{
    private static readonly HashSet<string> Known = ClientJson.Members.ToHashSet(StringComparer.Ordinal);

    /// <summary>What only an answer has.</summary>
    private static readonly HashSet<string> ReadOnly = new(StringComparer.Ordinal) { "secrets", "declared", "created_at", "updated_at", "version" };

    /// <param name="metadata">With <c>kind</c>, what is left out comes from <see cref="ClientKinds"/>.</param>
    public static Outcome<Client> New(JsonElement metadata)
    {
        if (Strangers(metadata, "kind") is { } strangers) return strangers;
        var whole = new JsonObject();
        string? kind = null;
        if (metadata.TryGetProperty("kind", out var named) && named.ValueKind != JsonValueKind.Null)
        {
            kind = named.ValueKind == JsonValueKind.String ? named.GetString()! : "";
            if (ClientKinds.DefaultsOf(kind) is not { } defaults) return Refusal.Invalid(new Objection("kind", "unknown", "kind is one of: " + string.Join(", ", ClientKinds.All) + "."));
            whole = defaults;
        }

        MergePatch.Apply(whole, metadata, "jwks").Remove("kind");
        if (!Read(whole).TryGet(out var client, out var refusal)) return refusal;
        if (kind is not null && ClientKinds.Of(client) != kind) return Refusal.Invalid(new Objection("kind", "not_allowed", $"With this metadata it is not a client of the kind {kind}: leave out what contradicts it, or the kind."));
        return client;
    }

    /// <summary>What the patch leaves out stays as it is, whatever it is.</summary>
    public static Outcome<Client> Changed(Client client, JsonElement patch)
    {
        if (Strangers(patch) is { } strangers) return strangers;
        if (patch.TryGetProperty("client_id", out var id) && !(id.ValueKind == JsonValueKind.String && id.ValueEquals(client.ClientId)))
            return Refusal.Invalid(new Objection("client_id", "not_allowed", "A client keeps its id."));
        var merged = MergePatch.Apply(JsonNode.Parse(ClientJson.Write(client))!.AsObject(), patch, "jwks");
        if (!Read(merged).TryGet(out var changed, out var refusal)) return refusal;
        if (changed.Development && !client.Development) return OnlyDeclared;
        return changed with { Secrets = client.Secrets };
    }

    private static Outcome<Client> Read(JsonObject metadata) => ClientMetadata.TryRead(JsonSerializer.SerializeToElement(metadata), out var client, out var faults)
        ? client
        : Refusal.Invalid([.. faults.Select(static f => new Objection(f.Field, "malformed", f.Message))]);

    internal static Refusal OnlyDeclared { get; } = Refusal.Invalid(new Objection("development", "not_allowed", "Only the settings mark a client as one of development: a server in Production does not start with it."));

    private static Refusal? Strangers(JsonElement json, params IReadOnlyCollection<string> also)
    {
        if (json.ValueKind != JsonValueKind.Object) return Refusal.Invalid(new Objection("", "malformed", "Client metadata is a JSON object."));
        var objections = json.EnumerateObject().Where(m => !Known.Contains(m.Name) && !also.Contains(m.Name)).Select(static m => m.Name switch
        {
            "client_secret" => new Objection(m.Name, "not_allowed", "Secrets are made by the server: leave this out, or rotate the secret."),
            "kind" => new Objection(m.Name, "not_allowed", "The kind follows from the metadata; it is named only when a client is made."),
            var name when ReadOnly.Contains(name) => new Objection(name, "not_allowed", $"{name} cannot be set."),
            var name => new Objection(name.Length <= 64 ? name : name[..64], "unknown", "There is no such member."),
        }).ToList();
        return objections.Count > 0 ? Refusal.Invalid(objections) : null;
    }
}
