using AuthServer.Engine.Protocol;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;

namespace AuthServer.Ui.Languages;

/// <summary><c>/language?to=de&amp;back=/login</c>: the links in the foot of a page. A GET, for nothing but the reader's own words depends on it.</summary>
internal static class LanguageChoice
{
    public const string Path = "/language";

    /// <summary>Longer addresses are those of requests with everything in them; what they lead to has links of its own.</summary>
    private const int LongestReturn = 1500;

    /// <summary>The address that chooses <paramref name="language"/> and comes back; null where there is nothing to come back to.</summary>
    public static string? UrlOf(HttpContext http, string language)
    {
        var request = http.Request;
        var here = http.Features.Get<IStatusCodeReExecuteFeature>() is { } failed ? failed.OriginalPath + failed.OriginalQueryString : request.Path + request.QueryString.ToString();
        return here.Length > LongestReturn ? null : request.PathBase + QueryHelpers.AddQueryString(Path, new Dictionary<string, string?> { ["to"] = language, ["back"] = WithoutLocales(here) });
    }

    public static void Handle(HttpContext http, LanguageCookie cookie)
    {
        var back = http.Request.Query["back"].ToString();
        if (!IsOwnPath(back)) back = "/";
        var to = http.Request.Query["to"].ToString();
        if (UiLanguages.Supported.Contains(to, StringComparer.Ordinal))
        {
            var query = back.IndexOf('?', StringComparison.Ordinal);
            cookie.Write(http, to, query < 0 ? null : QueryHelpers.ParseQuery(back[query..]).GetValueOrDefault("request").ToString());
        }

        http.Response.Headers.CacheControl = "no-store";
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = http.Request.PathBase + back;
    }

    /// <summary>One slash and no second, no backslash, nothing a browser strips: never another host.</summary>
    private static bool IsOwnPath(string path) =>
        path.Length is > 0 and <= LongestReturn && path[0] == '/' && (path.Length == 1 || path[1] is not ('/' or '\\')) && path.All(static c => c is > ' ' and <= '~' and not '\\');

    /// <summary>What an app wrote into the address would outweigh the choice.</summary>
    private static string WithoutLocales(string here)
    {
        var query = here.IndexOf('?', StringComparison.Ordinal);
        if (query < 0 || !here.Contains("ui_locales=", StringComparison.Ordinal)) return here;
        var kept = QueryHelpers.ParseQuery(here[query..]).Where(static p => p.Key != "ui_locales");
        return here[..query] + new QueryBuilder(kept).ToQueryString();
    }
}
