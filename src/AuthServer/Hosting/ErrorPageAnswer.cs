using AuthServer.Endpoints;
using AuthServer.Engine.Protocol;
using AuthServer.Ui;

namespace AuthServer.Hosting;

/// <summary>The error page for what the protocol refuses: its status and headers; the words are the pages' own.</summary>
internal sealed class ErrorPageAnswer : IErrorPage
{
    public Task WriteAsync(HttpContext http, OAuthError error)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (error.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ErrorPage.WriteAsync(http, error);
    }
}
