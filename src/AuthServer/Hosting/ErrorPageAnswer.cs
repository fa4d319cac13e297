using AuthServer.Endpoints;
using AuthServer.Engine.Protocol;
using AuthServer.Ui;

namespace AuthServer.Hosting;

/// <summary>The error page for what the protocol refuses: what happened in its words, and the request id to give to support.</summary>
internal sealed class ErrorPageAnswer : IErrorPage
{
    public Task WriteAsync(HttpContext http, OAuthError error)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (error.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ErrorPage.WriteAsync(http, error.Status, "This sign-in cannot go on", Sentence(error.Description), error.Code);
    }

    private static string Sentence(string? description) =>
        description is { Length: > 0 } text ? char.ToUpperInvariant(text[0]) + text[1..] + "." : "The server could not complete the request.";
}
