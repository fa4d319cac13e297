using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints;

/// <summary>Tells the person in front of the browser what went wrong where no client may be told.</summary>
public interface IErrorPage
{
    Task WriteAsync(HttpContext http, OAuthError error);
}
