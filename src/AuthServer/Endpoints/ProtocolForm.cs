using AuthServer.Engine.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace AuthServer.Endpoints;

/// <summary>Reads the form of a protocol request: the right content type, within the limits, nothing twice.</summary>
internal static class ProtocolForm
{
    private static readonly FormOptions Limits = new() { ValueCountLimit = ParameterLimits.Count, BufferBodyLengthLimit = ParameterLimits.Body, KeyLengthLimit = 256, ValueLengthLimit = ParameterLimits.Body };

    public static async ValueTask<Result<FormParameters>> ReadAsync(HttpContext http, CancellationToken ct)
    {
        // Multipart has no business here, and no client sends it (RFC 6749 §4.1.3: application/x-www-form-urlencoded).
        if (http.Request.ContentType is not { } type || !type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return OAuthErrors.InvalidRequest("the body must be application/x-www-form-urlencoded");
        if (http.Request.ContentLength > ParameterLimits.Body) return TooLarge();

        http.Features.Set<IFormFeature>(new FormFeature(http.Request, Limits));
        try
        {
            return FormParameters.Read(await http.Request.ReadFormAsync(ct));
        }
        catch (InvalidDataException)
        {
            return TooLarge();
        }
    }

    private static OAuthError TooLarge() => OAuthErrors.InvalidRequest("the body is too large or not a form") with { Status = StatusCodes.Status400BadRequest };

    /// <summary>For the audit trail and the limits; what a proxy says is believed only where the proxy is configured.</summary>
    public static string? RemoteAddress(this HttpContext http) => http.Connection.RemoteIpAddress?.ToString();
}
