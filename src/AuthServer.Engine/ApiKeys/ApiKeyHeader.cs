using Microsoft.AspNetCore.Http;

namespace AuthServer.Engine.ApiKeys;

/// <summary>Where a request carries an API key: <c>X-API-Key</c>, or as a Bearer token.</summary>
public static class ApiKeyHeader
{
    public const string Name = "X-API-Key";

    private const string Scheme = "Bearer ";

    /// <summary>What was sent as an API key, good or not; null where none was.</summary>
    /// <param name="twice">There are two credentials in the request: nobody can say which one was meant (RFC 6750 §2).</param>
    public static string? Read(HttpContext http, out bool twice)
    {
        string? authorization = http.Request.Headers.Authorization;
        twice = false;
        if (http.Request.Headers.TryGetValue(Name, out var values))
        {
            twice = authorization is not null || values.Count != 1;
            return values.ToString().Trim();
        }

        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var token = authorization[Scheme.Length..].Trim();
        return ApiKeyText.IsMeant(token) ? token : null;
    }
}
