namespace AuthServer.Dialects.Acgs;

/// <summary>The cookies of ACGS: two that hold tokens, and the pair against forged requests, of which its Python clients read one and its pages the other.</summary>
/// <param name="plainHttp">Development over plain http: the browser of the same machine keeps a cookie without Secure only.</param>
internal sealed class AcgsCookies(CsrfTokens csrf, bool plainHttp)
{
    public const string Access = "access_token_cookie";
    public const string Refresh = "refresh_token_cookie";
    public const string SignedCsrf = "fastapi-csrf-token";
    public const string RawCsrf = "csrf_access_token";

    public static readonly TimeSpan CsrfLifetime = TimeSpan.FromHours(1);

    private static readonly string[] SignInPaths = ["/token/refresh", "/token", "/login", "/logout"];

    public static string? Read(DialectRequest request, string name) => request.Http.Request.Cookies.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public void Write(DialectRequest request, string access, TimeSpan accessLifetime, string refresh, TimeSpan refreshLifetime)
    {
        var pair = csrf.New();
        var cookies = request.Http.Response.Cookies;
        cookies.Append(Access, access, Options(request, "/", accessLifetime));
        cookies.Append(Refresh, refresh, Options(request, RefreshPath(request), refreshLifetime));
        cookies.Append(SignedCsrf, pair.Signed, Options(request, "/", CsrfLifetime));
        cookies.Append(RawCsrf, pair.Raw, Options(request, "/", CsrfLifetime, readable: true));
    }

    public void Delete(DialectRequest request)
    {
        foreach (var (name, path, readable) in new[] { (Access, "/", false), (Refresh, RefreshPath(request), false), (SignedCsrf, "/", false), (RawCsrf, "/", true) })
            request.Http.Response.Cookies.Append(name, "", Options(request, path, TimeSpan.Zero, readable));
    }

    /// <summary>Null: both halves of the pair were shown.</summary>
    public (int Status, string Message)? Objection(DialectRequest request)
    {
        if (Read(request, SignedCsrf) is not { } signed) return (StatusCodes.Status400BadRequest, $"Missing Cookie: `{SignedCsrf}`.");
        if (request.Http.Request.Headers["X-CSRF-Token"].ToString() is not { Length: > 0 } raw)
            return request.Settings.Strict ? (StatusCodes.Status422UnprocessableEntity, "Bad headers. Expected \"X-CSRF-Token\" in headers") : (StatusCodes.Status403Forbidden, "Missing CSRF Token");
        return csrf.Check(signed, raw, CsrfLifetime) switch
        {
            CsrfVerdict.Good => null,
            CsrfVerdict.Different => (StatusCodes.Status401Unauthorized, "The CSRF signatures submitted do not match."),
            CsrfVerdict.Expired => (StatusCodes.Status401Unauthorized, "The CSRF token has expired."),
            _ => (StatusCodes.Status401Unauthorized, "The CSRF token is invalid."),
        };
    }

    /// <summary>As the browser sees it: below whatever prefix this very request came by.</summary>
    private static string RefreshPath(DialectRequest request)
    {
        var path = (request.Http.Request.PathBase + request.Http.Request.Path).ToString().TrimEnd('/');
        var end = SignInPaths.First(p => path.EndsWith(p, StringComparison.OrdinalIgnoreCase));
        return path[..^end.Length] + "/token/refresh";
    }

    private CookieOptions Options(DialectRequest request, string path, TimeSpan lifetime, bool readable = false) => new()
    {
        HttpOnly = !readable, Secure = !(plainHttp && !request.Http.Request.IsHttps && IsLoopback(request)), SameSite = SameSiteMode.Lax, Path = path, MaxAge = lifetime, IsEssential = true,
    };

    private static bool IsLoopback(DialectRequest request) => request.Http.Request.Host.Host is "localhost" or "127.0.0.1" or "[::1]";
}
