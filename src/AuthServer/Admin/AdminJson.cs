using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Engine.Administration;

namespace AuthServer.Admin;

/// <summary>How the administration API reads and writes JSON: snake_case, times as RFC 3339, and nothing that it does not know.</summary>
internal static class AdminJson
{
    public const int MaximumBody = 256 * 1024;

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The body, or what is wrong with it. Never repeats what was sent: it may hold a password.</summary>
    public static async Task<(T? Body, IResult? Fault)> ReadBodyAsync<T>(this HttpContext http, CancellationToken ct) where T : class
    {
        if (!http.Request.HasJsonContentType() && http.Request.ContentType?.StartsWith("application/merge-patch+json", StringComparison.OrdinalIgnoreCase) != true)
            return (null, AdminAnswers.Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "Send JSON: Content-Type: application/json."));
        if (http.Request.ContentLength > MaximumBody) return (null, AdminAnswers.TooLarge);
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(http.Request.Body, Options, ct) is { } body
                ? (body, null)
                : (null, AdminAnswers.Problem(StatusCodes.Status400BadRequest, "bad-request", "The body must be a JSON object."));
        }
        catch (JsonException fault) when (fault.Path is { Length: > 2 } path)
        {
            var field = path.TrimStart('$', '.');
            return (null, AdminAnswers.Of(Refusal.Invalid(new Objection(field, "malformed", "This member is unknown, there twice, or not of the right type."))));
        }
        catch (JsonException)
        {
            return (null, AdminAnswers.Problem(StatusCodes.Status400BadRequest, "bad-request", "The body is not a JSON object of known members."));
        }
    }
}
