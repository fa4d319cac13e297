using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Patch;
using AuthServer.Scim.Resources;
using AuthServer.Scim.Schemas;

namespace AuthServer.Scim;

/// <summary><c>/Bulk</c> (RFC 7644 §3.7): many operations in one request, each by itself what it would be alone, with the same checks.</summary>
internal sealed class ScimBulk(ScimUsers users, ScimGroups groups)
{
    public const string Path = "/Bulk";
    public const int MaximumOperations = 200;
    private const string Schema = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
    private const string AnswerSchema = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
    private const string Reference = "bulkId:";

    private sealed record Operation(string Method, string Path, string? BulkId, string? Version, JsonObject? Body);

    public async Task<IResult> RunAsync(HttpContext http, Actor actor)
    {
        var (body, fault) = await ScimBody.ReadAsync(http, Schema, ScimBody.MaximumOfBulk);
        if (body is null) return (ScimAnswer)fault!;
        if (body["Operations"] is not JsonArray { Count: > 0 } all) return (ScimAnswer)ScimError.InvalidSyntax("Operations must be a list of at least one operation.");
        if (all.Count > MaximumOperations) return (ScimAnswer)new ScimError(StatusCodes.Status413PayloadTooLarge, null, $"At most {MaximumOperations} operations.");
        var stopAt = body["failOnErrors"] is JsonValue stop && stop.TryGetValue<int>(out var errors) && errors > 0 ? errors : int.MaxValue;
        var waiting = all.Select(Read).ToList();
        if (waiting.Contains(null)) return (ScimAnswer)ScimError.InvalidSyntax("Each operation has a method, a path, a bulkId where it creates, and data where it needs some.");
        if (waiting.Where(static o => o!.BulkId is not null).GroupBy(static o => o!.BulkId, StringComparer.Ordinal).Any(static g => g.Count() > 1)) return (ScimAnswer)ScimError.InvalidSyntax("A bulkId is there twice.");

        var (answers, made, failed) = (new JsonArray(), new Dictionary<string, string>(StringComparer.Ordinal), 0);
        while (waiting.Count > 0 && failed < stopAt)
        {
            // The first that waits for no other; where each waits for another, the first has to fail.
            var pending = waiting.Where(static o => o!.Method == HttpMethods.Post).Select(static o => o!.BulkId!).ToHashSet(StringComparer.Ordinal);
            var next = waiting.Find(o => !References(o!).Any(pending.Contains)) ?? waiting[0];
            waiting.Remove(next);
            var answer = await RunAsync(actor, next!, made, http.RequestAborted);
            if (answer.Error is not null) failed++;
            else if (next!.BulkId is { } bulkId && answer.Location is { } location) made[bulkId] = location[(location.LastIndexOf('/') + 1)..];
            answers.Add(Shown(next!, answer));
        }

        return new ScimAnswer(StatusCodes.Status200OK, new JsonObject { ["schemas"] = new JsonArray(AnswerSchema), ["Operations"] = answers });
    }

    private async Task<ScimAnswer> RunAsync(Actor actor, Operation operation, Dictionary<string, string> made, CancellationToken ct)
    {
        if (References(operation).Any(r => !made.ContainsKey(r))) return new ScimError(StatusCodes.Status409Conflict, null, "A bulkId names nothing that was made.");
        var parts = Resolved(operation.Path, made).Split('/', StringSplitOptions.RemoveEmptyEntries);
        IScimResource? resource = parts.Length is 1 or 2 ? new IScimResource[] { users, groups }.FirstOrDefault(r => r.Schema.Endpoint.AsSpan(1).Equals(parts[0], StringComparison.OrdinalIgnoreCase)) : null;
        if (resource is null) return ScimError.NotFound;

        var call = new ScimCall(actor, AttributeSelection.All, EntityTags.Read(operation.Version is { } version ? [version] : []), ct);
        var body = operation.Body is null ? null : (JsonObject)Resolved(operation.Body, made)!;
        if (body is not null && !ScimBody.NamesSchema(body, operation.Method == HttpMethods.Patch ? PatchStep.Schema : resource.Schema.Id)) return ScimError.InvalidSyntax("schemas of the data names another schema.");
        return (operation.Method, parts) switch
        {
            ("POST", [_]) when body is not null => await resource.CreateAsync(call, body),
            ("PUT", [_, var id]) when body is not null => await resource.ReplaceAsync(call, id, body),
            ("PATCH", [_, var id]) when body is not null => await resource.PatchAsync(call, id, body),
            ("DELETE", [_, var id]) => await resource.RemoveAsync(call, id),
            _ => ScimError.InvalidSyntax("Methods are POST at a kind of resource, and PUT, PATCH and DELETE at one."),
        };
    }

    private static Operation? Read(JsonNode? node)
    {
        if (node is not JsonObject one || Text(one["method"])?.ToUpperInvariant() is not { } method || Text(one["path"]) is not { } path) return null;
        var (bulkId, body) = (Text(one["bulkId"]), one["data"] as JsonObject);
        return (method == HttpMethods.Post && string.IsNullOrEmpty(bulkId)) || (method != HttpMethods.Delete && body is null) ? null : new Operation(method, path, bulkId, Text(one["version"]), body);
    }

    private static JsonObject Shown(Operation operation, ScimAnswer answer)
    {
        var shown = new JsonObject { ["method"] = operation.Method, ["status"] = answer.Status.ToString(CultureInfo.InvariantCulture) };
        if (operation.BulkId is not null) shown["bulkId"] = operation.BulkId;
        if (answer.Location is not null) shown["location"] = answer.Location;
        if (answer.Version is not null) shown["version"] = answer.Version;
        if (answer.Error is not null) shown["response"] = answer.Error.Json();
        return shown;
    }

    private static IEnumerable<string> References(Operation operation) =>
        operation.Path.Split('/').Concat(Texts(operation.Body)).Where(static t => t.StartsWith(Reference, StringComparison.Ordinal)).Select(static t => t[Reference.Length..]);

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(static m => Texts(m.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    private static string Resolved(string path, Dictionary<string, string> made) => string.Join('/', path.Split('/').Select(p => Known(p, made) ?? p));

    private static JsonNode? Resolved(JsonNode? node, Dictionary<string, string> made)
    {
        switch (node)
        {
            case JsonObject members:
                var copy = ScimBody.New();
                foreach (var (name, member) in members) copy[name] = Resolved(member, made);
                return copy;
            case JsonArray items:
                return new JsonArray([.. items.Select(i => Resolved(i, made))]);
            default:
                return Text(node) is { } text && Known(text, made) is { } id ? JsonValue.Create(id) : node?.DeepClone();
        }
    }

    private static string? Known(string text, Dictionary<string, string> made) => text.StartsWith(Reference, StringComparison.Ordinal) ? made.GetValueOrDefault(text[Reference.Length..]) : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
