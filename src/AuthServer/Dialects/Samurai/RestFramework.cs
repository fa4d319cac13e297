using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;

namespace AuthServer.Dialects.Samurai;

/// <summary>How a service built with Django REST framework and simplejwt answers.</summary>
internal static class RestFramework
{
    public const string InvalidToken = "Token is invalid or expired";
    public const string Blacklisted = "Token is blacklisted";
    public const string WrongType = "Token has wrong type";

    private const string NonField = "non_field_errors";

    /// <summary>The views take POST, and the framework adds OPTIONS; it says so on every answer.</summary>
    public static Raw Answer(int status, JsonNode body) => Raw.Json(status, body).With("Allow", "POST, OPTIONS").With("Vary", "Accept");

    public static Raw Detail(int status, string detail) => Answer(status, new JsonObject { ["detail"] = detail });

    /// <summary>400 that is about no single field.</summary>
    public static Raw NonFieldError(string text) => Answer(StatusCodes.Status400BadRequest, new JsonObject { [NonField] = new JsonArray(text) });

    public static Raw FieldErrors(IReadOnlyDictionary<string, List<string>> errors) =>
        Answer(StatusCodes.Status400BadRequest, new JsonObject(errors.Select(static e => KeyValuePair.Create<string, JsonNode?>(e.Key, new JsonArray([.. e.Value.Select(static t => (JsonNode)t)])))));

    /// <summary>401 of simplejwt's own views.</summary>
    public static Raw BadToken(string detail) => Challenge(new JsonObject { ["detail"] = detail, ["code"] = "token_not_valid" });

    /// <summary>401 of simplejwt's authentication, which comes before the view.</summary>
    public static Raw BadBearer(string message) => Challenge(new JsonObject
    {
        ["detail"] = "Given token not valid for any token type",
        ["code"] = "token_not_valid",
        ["messages"] = new JsonArray(new JsonObject { ["token_class"] = "AccessToken", ["token_type"] = "access", ["message"] = message }),
    });

    public static Raw BadHeader() => Challenge(new JsonObject { ["detail"] = "Authorization header must contain two space-delimited values", ["code"] = "bad_authorization_header" });

    /// <summary>What the framework tells of a view.</summary>
    public static Raw Description(string name) => Answer(StatusCodes.Status200OK, new JsonObject
    {
        ["name"] = name, ["description"] = "", ["renders"] = new JsonArray("application/json"), ["parses"] = new JsonArray("application/json", "application/x-www-form-urlencoded", "multipart/form-data"),
    });

    /// <summary>What the framework says by itself.</summary>
    public static Raw Plain(DialectRequest request, int status)
    {
        // Ours names every method of the path's routes; the framework's own list is put there instead.
        request.Http.Response.Headers.Remove("Allow");
        return status switch
        {
            StatusCodes.Status404NotFound => Detail(status, "Not found."),
            StatusCodes.Status405MethodNotAllowed => Detail(status, $"Method \"{request.Http.Request.Method}\" not allowed."),
            StatusCodes.Status410Gone => Detail(status, "This API has been switched off."),
            StatusCodes.Status413PayloadTooLarge when request.IsMultipart && request.Http.Request.ContentLength <= DialectRequest.MaximumBody => Detail(StatusCodes.Status400BadRequest, "Multipart form parse error - Invalid body"),
            StatusCodes.Status413PayloadTooLarge => Detail(status, "Request body is too large."),
            StatusCodes.Status429TooManyRequests => Detail(status, "Request was throttled. Expected available in 1 second.").With("Retry-After", "1"),
            StatusCodes.Status503ServiceUnavailable => Detail(status, "Service temporarily unavailable, try again later.").With("Retry-After", "1"),
            _ => Detail(status, "A server error occurred."),
        };
    }

    /// <summary>Null where the body can be looked into for fields; otherwise what the framework says instead.</summary>
    public static Raw? BodyRefusal(DialectRequest request)
    {
        if (request.HasForm || request.IsEmpty && request.JsonFault is null) return null;
        var type = request.Http.Request.ContentType ?? "";
        if (!string.Equals(type.Split(';')[0].Trim(), "application/json", StringComparison.OrdinalIgnoreCase)) return Detail(StatusCodes.Status415UnsupportedMediaType, $"Unsupported media type \"{type}\" in request.");
        if (request.JsonFault is { } fault) return Detail(StatusCodes.Status400BadRequest, FormattableString.Invariant($"JSON parse error - Expecting value: line {fault.LineNumber + 1 ?? 1} column {fault.BytePositionInLine + 1 ?? 1}"));
        return request.Json switch
        {
            JsonObject => null,
            null => NonFieldError("No data provided"),
            var other => NonFieldError($"Invalid data. Expected a dictionary, but got {PythonName(other)}."),
        };
    }

    private static string PythonName(JsonNode node) => node.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.Array => "list",
        System.Text.Json.JsonValueKind.String => "str",
        System.Text.Json.JsonValueKind.Number => node.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E') ? "float" : "int",
        _ => "bool",
    };

    private static Raw Challenge(JsonObject body) => Answer(StatusCodes.Status401Unauthorized, body).With("WWW-Authenticate", "Bearer realm=\"api\"");
}
