using AuthServer.Engine.Protocol;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Ui.Languages;

/// <summary>The language a person chose in the foot of a page. It proves nothing and names nobody.</summary>
internal sealed class LanguageCookie(Issuer issuer)
{
    private const int HandleStart = 8;

    private string Name => issuer.IsHttps ? "__Host-lang" : "lang";

    /// <param name="handle">The waiting request the choice was made for: there it outweighs the app's <c>ui_locales</c>, for the person has seen those.</param>
    public void Write(HttpContext http, string language, string? handle) => http.Response.Cookies.Append(Name, handle is { Length: > HandleStart } ? $"{language}.{handle[..HandleStart]}" : language, new CookieOptions
    {
        HttpOnly = true,
        Secure = issuer.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = TimeSpan.FromDays(365),
        IsEssential = true,
    });

    public string? Read(HttpContext http) => http.Request.Cookies[Name]?.Split('.')[0] is { } language && UiLanguages.Supported.Contains(language, StringComparer.Ordinal) ? language : null;

    /// <summary>The choice was made on a page of this very request.</summary>
    public bool IsChosenDuring(HttpContext http, string handle) =>
        Read(http) is not null && http.Request.Cookies[Name]!.Split('.') is [_, { Length: HandleStart } start] && handle.StartsWith(start, StringComparison.Ordinal);
}
