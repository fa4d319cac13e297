using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>Whoever sent a request with a token that is good.</summary>
/// <param name="Text">The token as it came.</param>
internal sealed record KamiwazaCaller(DialectToken Token, Actor Actor, string Text)
{
    /// <summary>A token made by hand for a program.</summary>
    public bool IsPersonal => Token.Grant.Details.Token is not null;
}

/// <summary>Answers a request of somebody known.</summary>
internal delegate Task<IResult> KamiwazaHandler(DialectRequest request, KamiwazaCaller caller, CancellationToken ct);

/// <summary>Finds out who calls: by the Authorization header, or by the cookie that the SDK sends instead of it or beside it.</summary>
internal sealed class KamiwazaCallers(DialectPeople people, DialectTokens tokens)
{
    public const string Cookie = "access_token";
    private const string AdministrationScope = "admin";

    private static readonly HashSet<string> NoRights = new(StringComparer.Ordinal);

    /// <summary>The header goes first.</summary>
    public static string? Presented(DialectRequest request) => BearerHeader.Read(request) ?? (request.Http.Request.Cookies[Cookie] is { Length: > 0 } cookie ? cookie : null);

    /// <summary>The handler, for callers who show a good token; all others get 401.</summary>
    public DialectHandler Known(KamiwazaHandler handler) => async (request, ct) =>
    {
        var (caller, refusal) = await OfAsync(request, Presented(request), ct);
        if (caller is null) return refusal!;
        if (!people.MayPass(request, caller.Token)) return FastApi.Plain(StatusCodes.Status429TooManyRequests);
        return await handler(request, caller, ct);
    };

    public async Task<(KamiwazaCaller? Caller, IResult? Refusal)> OfAsync(DialectRequest request, string? presented, CancellationToken ct)
    {
        if (presented is null || (await tokens.VerifyAsync(request.AnsweredBy!, request.Settings, presented, ct)).Token is not { } token) return (null, FastApi.Challenge(FastApi.NotAuthenticated));
        if (IsFromElsewhere(request)) return (null, FastApi.Detail(StatusCodes.Status403Forbidden, "Cross-site request refused"));
        return (new KamiwazaCaller(token, await ActorOfAsync(request, token, ct), presented), null);
    }

    /// <summary>A cookie is sent by browsers also for pages of other sites; those say where they come from.</summary>
    private static bool IsFromElsewhere(DialectRequest request)
    {
        var http = request.Http.Request;
        if (HttpMethods.IsGet(http.Method) || BearerHeader.Read(request) is not null) return false;
        if (http.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site") return true;
        return http.Headers.Origin.ToString() is { Length: > 0 } origin && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, http.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A personal token administers only where it was made for that; otherwise its person can be read by it and nothing else done.</summary>
    private async Task<Actor> ActorOfAsync(DialectRequest request, DialectToken token, CancellationToken ct)
    {
        var actor = await people.ActorAsync(request, token.User, ct);
        return token.Grant.Details.Token is { } named && !Words(named.Scope).Contains(AdministrationScope, StringComparer.Ordinal) ? actor with { IsAdministrator = false, Rights = NoRights } : actor;
    }

    public static bool IsForAdministration(string? scope) => Words(scope).Contains(AdministrationScope, StringComparer.Ordinal);

    public static string[] Words(string? scope) => scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
