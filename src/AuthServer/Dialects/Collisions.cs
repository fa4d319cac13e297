namespace AuthServer.Dialects;

/// <summary>
/// Paths that several of the old APIs have, and who answers there when more than one of them is switched on. The rows of a path are asked from top to bottom; where none says yes, the first dialect
/// that has the path answers. Where the bodies are compatible, the answer of the one that is named holds what the others' clients look for as well.
/// </summary>
internal static class Collisions
{
    private sealed record Row(string Method, string Path, string Dialect, Func<DialectRequest, bool> When);

    private static readonly Row[] Rows =
    [
        // 1 – the sign-in that four of them call /auth/token
        new("POST", "/auth/token", "Acgs", static r => r.SaysJson),
        new("POST", "/auth/token", "Kamiwaza", static r => r.Has("grant_type") || r.Has("client_id")),
        new("POST", "/auth/token", "Acgs", static _ => true),
        new("POST", "/api/auth/token", "Acgs", static r => r.SaysJson),
        new("POST", "/api/auth/token", "Kamiwaza", static r => r.Has("grant_type") || r.Has("client_id")),
        new("POST", "/api/auth/token", "RagModulo", static r => r.IsMultipart),
        new("POST", "/api/auth/token", "Acgs", static _ => true),
        // 3 – sign-out: one body for all; ACGS knows cookies and CSRF
        new("POST", "/auth/logout", "Acgs", static _ => true),
        new("POST", "/api/auth/logout", "Acgs", static _ => true),
        // 4, 5 – who am I
        new("GET", "/auth/users/me", "Acgs", static r => r.Http.Request.Cookies.ContainsKey("access_token_cookie") && BearerHeader.Read(r) is null),
        new("GET", "/api/auth/users/me", "Acgs", static r => r.Http.Request.Cookies.ContainsKey("access_token_cookie") && BearerHeader.Read(r) is null),
        new("GET", "/auth/users/me", "Kamiwaza", static _ => true),
        new("GET", "/api/auth/users/me", "Kamiwaza", static _ => true),
        new("GET", "/api/auth/me", "Acgs", static _ => true),
        // 6 – identical requests
        new("POST", "/api/auth/register", "Acgs", static _ => true),
        new("POST", "/auth/register", "Chat", static r => r.Has("name") && !r.Has("email")),
        new("POST", "/auth/register", "Acgs", static _ => true),
        // 7 – GET leads a browser on, POST signs in: a form to ACGS, JSON to RAG Modulo
        new("GET", "/api/auth/login", "RagModulo", static r => r.Query("source") is not null),
        new("GET", "/api/auth/login", "Kamiwaza", static _ => true),
        new("POST", "/api/auth/login", "RagModulo", static r => !r.HasForm),
        new("POST", "/api/auth/login", "Acgs", static _ => true),
        // 8 – ForwardAuth and the chat's validation
        new("POST", "/auth/validate", "Kamiwaza", static _ => true),
        // 10 – health
        new("GET", "/api/auth/health", "Acgs", static _ => true),
        new("GET", "/auth/health", "Kamiwaza", static _ => true),
    ];

    /// <summary>Here whoever made the token that was sent answers, for nobody else can read or end it; without one, the rows decide. Never where people sign in: clients send old tokens along.</summary>
    private static readonly HashSet<(string Method, string Path)> TokenDecides =
    [
        ("POST", "/auth/logout"), ("POST", "/api/auth/logout"), ("GET", "/auth/users/me"), ("GET", "/api/auth/users/me"), ("GET", "/api/auth/me"), ("POST", "/auth/validate"),
    ];

    /// <summary>Where several old services had the OAuth token endpoint of their provider among their own paths: grants of OAuth are this server's own endpoint's, with the errors of RFC 6749.</summary>
    private static readonly (string Ending, string OwnPath)[] Own = [("/auth/token", "/connect/token"), ("/token", "/connect/token")];

    /// <summary>The path of this server's own endpoint that a request is for; null: one of the old APIs is meant.</summary>
    public static string? OwnPath(DialectRequest request, string path)
    {
        if (!HttpMethods.IsPost(request.Http.Request.Method) || !request.HasForm || !IsGrantOfOAuth(request["grant_type"])) return null;
        return Own.FirstOrDefault(row => row.Ending == "/token" ? path == row.Ending : path.EndsWith(row.Ending, StringComparison.OrdinalIgnoreCase)).OwnPath;
    }

    private static bool IsGrantOfOAuth(string? grant) => grant is "authorization_code" or "refresh_token" or "client_credentials" || grant?.StartsWith("urn:", StringComparison.Ordinal) == true;

    /// <param name="isOf">Whether the token that was sent looks like one of this dialect's.</param>
    public static DialectRoute Choose(DialectRequest request, IReadOnlyList<DialectRoute> routes, Func<IDialect, bool> isOf)
    {
        if (TokenDecides.Contains((routes[0].Method, routes[0].Path.ToLowerInvariant())) && routes.FirstOrDefault(r => isOf(r.Dialect)) is { } owner) return owner;
        foreach (var row in Rows)
        {
            if (!string.Equals(row.Path, routes[0].Path, StringComparison.OrdinalIgnoreCase) || row.Method != routes[0].Method) continue;
            if (routes.FirstOrDefault(r => r.Dialect.Name == row.Dialect) is { } route && row.When(request)) return route;
        }

        return routes[0];
    }
}
