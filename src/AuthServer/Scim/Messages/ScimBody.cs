using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthServer.Scim.Messages;

/// <summary>Reads a request's JSON. Names of attributes are told apart whatever their case (RFC 7643 §2.1), so no object may have one twice.</summary>
internal static class ScimBody
{
    /// <summary>Bytes.</summary>
    public const int Maximum = 256 * 1024;
    public const int MaximumOfBulk = 768 * 1024;
    private const int MaximumDepth = 16;

    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };

    /// <summary>The body, or what is wrong with it. Never repeats what was sent: it may hold a password.</summary>
    /// <param name="schema">What <c>schemas</c> has to name where it is there.</param>
    public static async Task<(JsonObject? Body, ScimError? Fault)> ReadAsync(HttpContext http, string schema, int maximum = Maximum)
    {
        if (!IsJson(http.Request.ContentType)) return (null, new ScimError(StatusCodes.Status415UnsupportedMediaType, null, "Send Content-Type: application/scim+json."));
        if (http.Request.ContentLength > maximum) return (null, ScimError.TooLarge(maximum));
        using var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0;)
        {
            if (text.Length + read > maximum) return (null, ScimError.TooLarge(maximum));
            text.Write(buffer, 0, read);
        }

        text.Position = 0;
        return TryParse(text, out var body) ? Checked(body, schema) : (null, ScimError.InvalidSyntax($"The body must be one JSON object, at most {MaximumDepth} levels deep, without an attribute that is there twice."));
    }

    /// <summary>An object whose names are told apart whatever their case.</summary>
    public static JsonObject New() => new(AnyCase);

    public static bool NamesSchema(JsonObject body, string schema) => body["schemas"] is not { } named
        || (named is JsonArray all && all.Any(s => s is JsonValue value && value.TryGetValue<string>(out var text) && text.Equals(schema, StringComparison.OrdinalIgnoreCase)));

    private static (JsonObject?, ScimError?) Checked(JsonObject body, string schema) =>
        NamesSchema(body, schema) ? (body, null) : (null, ScimError.InvalidSyntax($"schemas must name {schema}."));

    private static bool TryParse(MemoryStream text, [NotNullWhen(true)] out JsonObject? body)
    {
        body = null;
        try
        {
            if (JsonNode.Parse(text, AnyCase, Strict) is not JsonObject parsed) return false;
            Touch(parsed);
            body = parsed;
            return true;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or InvalidOperationException)
        {
            // Not JSON; a name twice in two spellings; an escape that is no text.
            return false;
        }
    }

    /// <summary>Reads everything once, so that what is wrong is found here and nowhere else.</summary>
    private static void Touch(JsonNode? node)
    {
        if (node is JsonObject members) foreach (var (_, member) in members) Touch(member);
        else if (node is JsonArray items) foreach (var item in items) Touch(item);
        else if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String) _ = value.GetValue<string>();
    }

    private static bool IsJson(string? contentType) =>
        contentType?.Split(';')[0].Trim() is { } type && (type.Equals(ScimAnswer.MediaType, StringComparison.OrdinalIgnoreCase) || type.Equals("application/json", StringComparison.OrdinalIgnoreCase));
}
