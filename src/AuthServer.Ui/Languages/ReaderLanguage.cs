using System.Globalization;
using AuthServer.Engine.Protocol;
using AuthServer.Ui.Branding;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Languages;

/// <summary>
/// Sets the culture of a request: <c>ui_locales</c> of the address (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2), the person's own choice, <c>Accept-Language</c>, the setting.
/// Outermost of all, so that the page about a failure is in the reader's language as well. A waiting request's own wish comes later: <see cref="RequestLanguage"/>.
/// </summary>
internal sealed class ReaderLanguage(RequestDelegate next, LanguageCookie cookie, IOptions<BrandingOptions> branding)
{
    private readonly CultureInfo _otherwise = UiLanguages.Find(branding.Value.Language) ?? CultureInfo.InvariantCulture;

    public Task InvokeAsync(HttpContext http)
    {
        Use(OfAddress(http.Request) ?? Of(http) ?? _otherwise);
        return next(http);
    }

    /// <summary>Texts, dates and numbers. It holds until the caller's method ends, and in everything that it awaits.</summary>
    public static void Use(CultureInfo culture) => CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;

    private static CultureInfo? OfAddress(HttpRequest request) =>
        request.Query.TryGetValue("ui_locales", out var wanted) && wanted is [{ Length: > 0 } tags] ? UiLanguages.Best(tags.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : null;

    private CultureInfo? Of(HttpContext http)
    {
        var accepted = http.Request.GetTypedHeaders().AcceptLanguage
            .Where(static l => l.Quality is null or > 0)
            .OrderByDescending(static l => l.Quality ?? 1)
            .Select(static l => l.Value.ToString());
        if (cookie.Read(http) is not { } chosen) return UiLanguages.Best(accepted);
        // The country of the browser's language still says how dates are written.
        return accepted.Select(UiLanguages.Find).FirstOrDefault(c => c?.TwoLetterISOLanguageName == chosen) ?? UiLanguages.Find(chosen);
    }
}
