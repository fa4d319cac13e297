using System.Globalization;
using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints;

/// <summary>An error answered directly: JSON (RFC 6749 §5.2), never cached, with the challenge or the waiting time its code asks for.</summary>
internal sealed class OAuthErrorResult(OAuthError error) : IResult
{
    public Task ExecuteAsync(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = error.Status;
        response.Headers.CacheControl = "no-store";
        if (error.Challenge is not null) response.Headers.WWWAuthenticate = error.Challenge;
        if (error.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return response.WriteAsJsonAsync(new OAuthErrorBody { Error = error.Code, ErrorDescription = error.Description }, ProtocolJson.Default.OAuthErrorBody, cancellationToken: http.RequestAborted);
    }
}
