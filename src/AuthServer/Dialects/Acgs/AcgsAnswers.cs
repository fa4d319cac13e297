using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;

namespace AuthServer.Dialects.Acgs;

/// <summary>What ACGS says when something is wrong: the envelope of its document, and beside it the <c>detail</c> that its own clients read.</summary>
internal sealed class AcgsAnswers(TimeProvider clock)
{
    public const string NotValidated = "Could not validate credentials";

    /// <summary>A moment as Python writes one without a zone.</summary>
    public static string Naive(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    public static Raw Ok(JsonNode body) => Raw.Json(StatusCodes.Status200OK, body);

    public Raw Refuse(DialectRequest request, int status, string message, string? field = null, string? reason = null) => Envelope(request, status, message, field, reason, message);

    /// <summary>401 with the challenge.</summary>
    public Raw Challenge(DialectRequest request, string message, string? field = null, string? reason = null) => Refuse(request, StatusCodes.Status401Unauthorized, message, field, reason).With("WWW-Authenticate", "Bearer");

    /// <summary>400: the first fault in the envelope, all of them in <c>detail</c>.</summary>
    public Raw Invalid(DialectRequest request, IReadOnlyList<JsonObject> faults)
    {
        var place = faults[0]["loc"] as JsonArray;
        return Envelope(request, StatusCodes.Status400BadRequest, "Invalid input parameters", place is { Count: > 1 } ? place[1]!.ToString() : "body", (string?)faults[0]["msg"], new JsonArray([.. faults]));
    }

    public Raw Plain(DialectRequest request, int status) => status switch
    {
        StatusCodes.Status404NotFound => Refuse(request, status, "Not Found"),
        StatusCodes.Status405MethodNotAllowed => Refuse(request, status, "Method Not Allowed"),
        StatusCodes.Status410Gone => Refuse(request, status, "This API has been switched off"),
        StatusCodes.Status413PayloadTooLarge => Refuse(request, status, "Request body too large"),
        StatusCodes.Status429TooManyRequests => Refuse(request, status, "Rate limit exceeded").With("Retry-After", "1"),
        StatusCodes.Status503ServiceUnavailable => Refuse(request, status, "Service temporarily unavailable").With("Retry-After", "1"),
        _ => Refuse(request, status, "Internal server error"),
    };

    private Raw Envelope(DialectRequest request, int status, string message, string? field, string? reason, JsonNode detail) => Raw.Json(status, new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["code"] = CodeOf(status), ["message"] = message, ["details"] = field is null ? null : new JsonObject { ["field"] = field, ["reason"] = reason ?? message },
            ["timestamp"] = Naive(clock.GetUtcNow()), ["request_id"] = AcgsRequestId.Of(request),
        },
        ["detail"] = detail,
    });

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status422UnprocessableEntity => "VALIDATION_ERROR",
        StatusCodes.Status401Unauthorized => "AUTHENTICATION_ERROR",
        StatusCodes.Status403Forbidden => "AUTHORIZATION_ERROR",
        StatusCodes.Status404NotFound => "NOT_FOUND",
        StatusCodes.Status405MethodNotAllowed => "METHOD_NOT_ALLOWED",
        StatusCodes.Status409Conflict => "CONFLICT",
        StatusCodes.Status410Gone => "GONE",
        StatusCodes.Status429TooManyRequests => "RATE_LIMIT_EXCEEDED",
        StatusCodes.Status503ServiceUnavailable => "SERVICE_UNAVAILABLE",
        _ => "INTERNAL_ERROR",
    };
}
