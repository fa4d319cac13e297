using AuthServer.Engine.Protocol;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace AuthServer.Dialects;

/// <summary>
/// Maps the routes of every dialect that is switched on, and decides which one answers where several have the same path: first by host or path prefix, then by <see cref="Collisions"/>,
/// else the first that has it.
/// </summary>
internal sealed class DialectSwitch(IEnumerable<IDialect> dialects, IOptions<DialectOptions> options, OwnEndpoints ownEndpoints, TimeProvider clock)
{
    private const string Open = "a compatibility API asks for its own credential";

    /// <summary>Kamiwaza's clients send their token in it, sometimes only there; no other of the old APIs has a cookie of this name.</summary>
    private const string AccessTokenCookie = "access_token";

    /// <summary>Paths of pages that a dialect has as well.</summary>
    private static readonly string[] OwnPages = ["/register"];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    /// <summary>Those that are switched on, in the order of their names.</summary>
    public IReadOnlyList<IDialect> Enabled { get; } = [.. dialects.Where(d => options.Value.Of(d.Name).Enabled).OrderBy(static d => d.Name, StringComparer.Ordinal)];

    public DialectSettings SettingsOf(IDialect dialect) => options.Value.Of(dialect.Name);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = Enabled.SelectMany(RoutesOf).ToList();
        foreach (var path in routes.GroupBy(static r => r.Path, StringComparer.OrdinalIgnoreCase))
        {
            var all = path.ToList();
            // A page of this server is at home there too: it takes forms and shows itself, the dialect takes JSON.
            var isPage = OwnPages.Contains(path.Key, StringComparer.OrdinalIgnoreCase);
            var mapped = endpoints.MapMethods(path.Key, isPage ? all.Select(static r => r.Method).Distinct() : Methods, http => AnswerAsync(http, all)).WithMetadata(new OpenRouteAttribute(Open)).ExcludeFromDescription();
            if (isPage) mapped.WithMetadata(new AcceptsMetadata(["application/json"]));
        }
    }

    private IEnumerable<DialectRoute> RoutesOf(IDialect dialect)
    {
        var routes = new DialectRoutes(dialect);
        dialect.Map(routes);
        var prefix = SettingsOf(dialect).PathPrefix?.TrimEnd('/') ?? "";
        return routes.All.Select(r => r with { Path = prefix + r.Path });
    }

    private async Task AnswerAsync(HttpContext http, IReadOnlyList<DialectRoute> routes)
    {
        var ct = http.RequestAborted;
        var here = routes.Where(r => IsAt(SettingsOf(r.Dialect), http)).ToList();
        if (here.Count == 0)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var request = await DialectRequest.ReadAsync(http, ct);
        if (Collisions.OwnPath(request, here[0].Path) is { } own)
        {
            await ownEndpoints.AnswerAsync(request, own);
            return;
        }

        var taken = here.Where(r => string.Equals(r.Method, http.Request.Method, StringComparison.OrdinalIgnoreCase)).ToList();
        var route = taken.Count > 1 ? Collisions.Choose(request, taken, d => (BearerHeader.Read(request) ?? request.Http.Request.Cookies[AccessTokenCookie]) is { Length: > 0 } token && DialectTokens.LooksLikeOneOf(d, SettingsOf(d), token)) : taken.FirstOrDefault();
        var dialect = route?.Dialect ?? here[0].Dialect;
        var settings = SettingsOf(dialect);
        request = request.For(dialect, settings);
        http.Items[nameof(IDialect)] = dialect.Name;
        var answer = settings.Until <= clock.GetUtcNow() ? dialect.Plain(request, StatusCodes.Status410Gone)
            : request.IsUnreadable ? dialect.Plain(request, StatusCodes.Status413PayloadTooLarge)
            : route is null ? NotAllowed(dialect, request, here.Where(r => r.Dialect == dialect).Select(static r => r.Method))
            : await route.Handler(request, ct);
        await answer.ExecuteAsync(http);
    }

    private static IResult NotAllowed(IDialect dialect, DialectRequest request, IEnumerable<string> methods)
    {
        request.Http.Response.Headers.Allow = string.Join(", ", methods.Distinct().Order(StringComparer.Ordinal));
        return dialect.Plain(request, StatusCodes.Status405MethodNotAllowed);
    }

    /// <summary>A dialect bound to a host is at home there only; where one is at home, no other answers.</summary>
    private bool IsAt(DialectSettings settings, HttpContext http) => settings.Host is { Length: > 0 } host
        ? string.Equals(http.Request.Host.Host, host, StringComparison.OrdinalIgnoreCase)
        : settings.PathPrefix is { Length: > 0 } || !Enabled.Any(d => SettingsOf(d).Host is { Length: > 0 } other && string.Equals(http.Request.Host.Host, other, StringComparison.OrdinalIgnoreCase));
}
