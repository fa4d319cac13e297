using System.Text.Json.Nodes;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Schemas;

namespace AuthServer.Scim.Patch;

internal enum PatchVerb
{
    Add,
    Replace,
    Remove,
}

/// <summary>One change at one place. An operation without a path is as many of them as its value has members (RFC 7644 §3.5.2.1, §3.5.2.3).</summary>
/// <param name="FromValue">Came out of such a value: what cannot be changed is passed over there if it is sent along, as some clients do with the id.</param>
internal sealed record PatchStep(PatchVerb Verb, PatchPath Path, JsonNode? Value, bool FromValue)
{
    public const string Schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    public const int MaximumOperations = 1_000;

    /// <summary>In order. Names of operations whatever their case: Entra ID writes them with a capital.</summary>
    public static (IReadOnlyList<PatchStep>? Steps, ScimError? Fault) Read(JsonObject body, ScimSchema schema)
    {
        if (body["Operations"] is not JsonArray { Count: > 0 } operations) return (null, ScimError.InvalidSyntax("Operations must be a list of at least one operation."));
        if (operations.Count > MaximumOperations) return (null, ScimError.TooMany($"A patch has at most {MaximumOperations} operations."));
        var steps = new List<PatchStep>();
        foreach (var operation in operations)
        {
            if (operation is not JsonObject one || Text(one["op"]) is not { } op || !Enum.TryParse<PatchVerb>(op, ignoreCase: true, out var verb) || !Enum.IsDefined(verb) || char.IsAsciiDigit(op[0]))
                return (null, ScimError.InvalidSyntax("Each operation has an op: add, replace or remove."));
            if (one["path"] is not null && Text(one["path"]) is null) return (null, ScimError.InvalidPath("A path is a text."));
            if (verb != PatchVerb.Remove && !one.ContainsKey("value")) return (null, ScimError.InvalidValue("Operations that add or replace have a value."));
            if ((Text(one["path"]) is { Length: > 0 } path ? At(steps, verb, path, one["value"], schema, false) : Without(steps, verb, one["value"], schema)) is { } fault) return (null, fault);
        }

        return (steps, null);
    }

    private static ScimError? At(List<PatchStep> steps, PatchVerb verb, string text, JsonNode? value, ScimSchema schema, bool fromValue)
    {
        var (path, fault) = PatchPath.Read(text, schema);
        if (path is null) return fault;
        if (path.Attribute is not null) steps.Add(new PatchStep(verb, path, value, fromValue));
        return null;
    }

    private static ScimError? Without(List<PatchStep> steps, PatchVerb verb, JsonNode? value, ScimSchema schema)
    {
        if (verb == PatchVerb.Remove) return ScimError.NoTarget("An operation that removes has a path.");
        if (value is not JsonObject members) return ScimError.InvalidValue("Without a path the value is an object of attributes.");
        foreach (var (name, member) in members)
        {
            // A whole schema under its name, or a path in the place of a name: both are sent.
            var fault = name.Equals(schema.Id, StringComparison.OrdinalIgnoreCase) && member is JsonObject ? Without(steps, verb, member, schema) : At(steps, verb, name, member, schema, true);
            if (fault is not null) return fault;
        }

        return null;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
