using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Scim.Messages;
using AuthServer.Scim.Schemas;

namespace AuthServer.Scim.Resources;

/// <summary>Which resources and which part of them (RFC 7644 §3.4.2), from the query or from the body of a search.</summary>
internal sealed record ListRequest(string? Filter, string? SortBy, string? SortOrder, int StartIndex, int Count)
{
    public const string SearchSchema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
    public const string AnswerSchema = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    public const int DefaultCount = 100;
    public const int MaximumCount = PageRequest.MaximumLimit;

    public static (ListRequest? Request, ScimError? Fault) Of(IQueryCollection query) => Of(query["filter"], query["sortBy"], query["sortOrder"], query["startIndex"], query["count"]);

    public static (ListRequest? Request, ScimError? Fault) Of(JsonObject search) => Of(Text(search["filter"]), Text(search["sortBy"]), Text(search["sortOrder"]), search["startIndex"]?.ToString(), search["count"]?.ToString());

    /// <summary>The attributes that a query or a search names.</summary>
    public static (AttributeSelection? Selection, ScimError? Fault) Selection(IQueryCollection query) => AttributeSelection.Read(Names(query["attributes"]), Names(query["excludedAttributes"]));

    public static (AttributeSelection? Selection, ScimError? Fault) Selection(JsonObject search) => AttributeSelection.Read(Names(search["attributes"]), Names(search["excludedAttributes"]));

    public ScimAnswer Answer(int total, IEnumerable<JsonObject> resources)
    {
        var shown = new JsonArray([.. resources]);
        return new ScimAnswer(StatusCodes.Status200OK, new JsonObject
        {
            ["schemas"] = new JsonArray(AnswerSchema), ["totalResults"] = total, ["startIndex"] = StartIndex, ["itemsPerPage"] = shown.Count, ["Resources"] = shown,
        });
    }

    private static (ListRequest?, ScimError?) Of(string? filter, string? sortBy, string? sortOrder, string? startIndex, string? count)
    {
        if (!TryNumber(startIndex, 1, out var start) || !TryNumber(count, DefaultCount, out var many)) return (null, ScimError.InvalidValue("startIndex and count are whole numbers."));
        // §3.4.2.4: less than one means the first, less than none means none.
        return (new ListRequest(filter, sortBy, sortOrder, Math.Max(1, start), Math.Clamp(many, 0, MaximumCount)), null);
    }

    private static bool TryNumber(string? text, int otherwise, out int number)
    {
        number = otherwise;
        if (string.IsNullOrEmpty(text)) return true;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read)) return false;
        number = (int)Math.Clamp(read, int.MinValue, int.MaxValue);
        return true;
    }

    private static string[] Names(Microsoft.Extensions.Primitives.StringValues values) => values.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Names(JsonNode? list) => list is JsonArray all ? [.. all.Select(static n => Text(n) ?? "")] : [];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
