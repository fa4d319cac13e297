using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Engine.RateLimits;

/// <summary>Tells a caller how much is left: the three headers that clients know, and the two fields of the IETF's draft (draft-ietf-httpapi-ratelimit-headers).</summary>
public static class RateHeaders
{
    /// <summary>The headers, and <c>Retry-After</c> (RFC 9110 §10.2.3) where the request was refused. Of several limits the one that is nearest to its end is told.</summary>
    public static void Write(HttpContext http, RateVerdict verdict)
    {
        if (verdict.Rule.Limit <= 0) return;
        var headers = http.Response.Headers;
        var told = http.Items[typeof(RateHeaders)] as RateVerdict?;
        if (verdict.Allowed && told is { } before && before.Remaining <= verdict.Remaining) return;
        http.Items[typeof(RateHeaders)] = verdict;

        headers["RateLimit-Limit"] = Text(verdict.Rule.Limit);
        headers["RateLimit-Remaining"] = Text(verdict.Remaining);
        headers["RateLimit-Reset"] = Text(verdict.ResetSeconds);
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"{verdict.Rule.Name}\";q={verdict.Rule.Limit};w={(int)verdict.Rule.Window.TotalSeconds}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{verdict.Rule.Name}\";r={verdict.Remaining};t={verdict.ResetSeconds}");
        if (!verdict.Allowed) headers.RetryAfter = Text(verdict.ResetSeconds);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
