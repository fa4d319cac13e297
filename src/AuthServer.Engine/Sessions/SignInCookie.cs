using AuthServer.Engine.Protocol;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Engine.Sessions;

/// <summary>Ties a sign-in that is under way to the browser in which it began; see <see cref="SignIn.SignInAttempt"/>.</summary>
public sealed class SignInCookie(Issuer issuer)
{
    public string Name { get; } = issuer.IsHttps ? "__Host-sign-in" : "sign-in";

    public string? Read(HttpContext http) => http.Request.Cookies[Name];

    public void Write(HttpContext http, string handle) => http.Response.Cookies.Append(Name, handle, Options());

    public void Remove(HttpContext http)
    {
        if (Read(http) is not null) http.Response.Cookies.Delete(Name, Options());
    }

    private CookieOptions Options() => new() { HttpOnly = true, Secure = issuer.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}
