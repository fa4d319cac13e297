using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Protocol;

namespace AuthServer.Dialects.RagModulo;

/// <summary>
/// RAG Modulo's API authentication and its command line: sign-in with a password, who is calling, and what leads browsers and devices to a sign-in of this server.
/// Tokens carry <c>sub, email, name, uuid, role</c>.
/// </summary>
internal sealed class RagModuloDialect : IDialect
{
    private const string InvalidToken = "Invalid token";

    private readonly DialectPeople _people;
    private readonly DialectTokens _tokens;
    private readonly RagModuloPasswords _passwords;
    private readonly RagModuloBrowser _browser;
    private readonly RagModuloDevice _device;

    public RagModuloDialect(DialectPeople people, DialectTokens tokens, DialectHandover handover, Issuer issuer, TimeProvider clock)
    {
        (_people, _tokens) = (people, tokens);
        var made = new RagModuloTokens(this, tokens, clock);
        _passwords = new RagModuloPasswords(this, people, made);
        _device = new RagModuloDevice(this, handover, made);
        _browser = new RagModuloBrowser(this, handover, made, issuer);
    }

    public string Name => "RagModulo";

    public void Map(DialectRoutes routes)
    {
        routes.Post(_passwords.RegisterAsync, "/api/auth/register");
        routes.Post(_passwords.SignInAsync, "/api/auth/login");
        routes.Post(_passwords.TokenAsync, "/api/auth/token");
        routes.Get(MeAsync, "/api/auth/me");
        routes.Get(UserInfoAsync, "/api/auth/userinfo");
        routes.Get(CheckAsync, "/api/auth/check-auth");
        routes.Get(SessionAsync, "/api/auth/session");
        routes.Post(SignOutAsync, "/api/auth/logout");
        routes.Get(_browser.ConfigurationAsync, "/api/auth/oidc-config");
        routes.Get(_browser.BeginAsync, "/api/auth/login");
        routes.Get(_browser.ReturnAsync, "/api/auth/callback");
        routes.Post(_browser.BeginForCommandLineAsync, "/api/auth/cli/start");
        routes.Post(static (_, _) => Task.FromResult<IResult>(FastApi.Detail(StatusCodes.Status410Gone,
            "This endpoint is deprecated. Please use the browser-based authentication flow and copy the JWT token from the callback page.")), "/api/auth/cli/token");
        routes.Post(_device.StartAsync, "/api/auth/device/start");
        routes.Post(_device.PollAsync, "/api/auth/device/poll");
        routes.Get(static (_, _) => Task.FromResult<IResult>(Raw.Json(StatusCodes.Status200OK, new JsonObject { ["status"] = "healthy" })), "/api/health");
    }

    /// <summary>At the sign-in of the command line there is <c>error</c> beside <c>detail</c>: it prints that and nothing else.</summary>
    public IResult Plain(DialectRequest request, int status) => FastApi.Plain(status) is var plain && IsSignIn(request) && (string?)plain.Value?["detail"] is { } text ? WithError(plain, text) : plain;

    /// <summary>An error of the sign-in.</summary>
    public static Raw Refusal(int status, string text) => Raw.Json(status, new JsonObject { ["detail"] = text, ["error"] = text });

    private static Raw WithError(Raw plain, string text) => plain.Headers.Aggregate(Refusal(plain.Status, text), static (answer, header) => answer.With(header.Name, header.Value));

    private static bool IsSignIn(DialectRequest request) => request.Http.Request.Path.Value?.TrimEnd('/').EndsWith("/login", StringComparison.OrdinalIgnoreCase) == true;

    private async Task<IResult> MeAsync(DialectRequest request, CancellationToken ct)
    {
        if (BearerHeader.Read(request) is not { } presented) return FastApi.Challenge(request.Settings.Strict ? "Authentication required" : FastApi.NotAuthenticated);
        var (token, fault) = await _tokens.VerifyAsync(this, request.Settings, presented, ct);
        if (token is null) return FastApi.Challenge(fault == DialectTokenFault.Expired ? "Token has expired" : "Invalid authentication credentials");
        return _people.MayPass(request, token) ? Raw.Json(StatusCodes.Status200OK, new RagModuloPerson(token.User, request.Settings).Me()) : Plain(request, StatusCodes.Status429TooManyRequests);
    }

    private async Task<IResult> UserInfoAsync(DialectRequest request, CancellationToken ct)
    {
        if (request.Http.Request.Headers.Authorization.Count == 0) return FastApi.Challenge(FastApi.NotAuthenticated);
        if (BearerHeader.Read(request) is not { } presented) return FastApi.Challenge("Invalid authorization scheme");
        var (token, _) = await _tokens.VerifyAsync(this, request.Settings, presented, ct);
        if (token is null) return FastApi.Challenge(InvalidToken);
        return _people.MayPass(request, token) ? Raw.Json(StatusCodes.Status200OK, new RagModuloPerson(token.User, request.Settings).UserInfo()) : Plain(request, StatusCodes.Status429TooManyRequests);
    }

    /// <summary>Always 200: the web page asks before anybody has signed in.</summary>
    private async Task<IResult> CheckAsync(DialectRequest request, CancellationToken ct)
    {
        var answer = new JsonObject { ["authenticated"] = false };
        if (BearerHeader.Read(request) is not { } presented) return Raw.Json(StatusCodes.Status200OK, answer);
        var (token, fault) = await _tokens.VerifyAsync(this, request.Settings, presented, ct);
        if (!_people.MayPass(request, token)) return Plain(request, StatusCodes.Status429TooManyRequests);
        answer["authenticated"] = token is not null;
        if (token is null) answer["error"] = fault == DialectTokenFault.Expired ? "Token expired" : InvalidToken;
        else answer["user_id"] = token.User.Id;
        return Raw.Json(StatusCodes.Status200OK, answer);
    }

    private async Task<IResult> SessionAsync(DialectRequest request, CancellationToken ct)
    {
        var answer = new JsonObject { ["authenticated"] = false, ["user"] = null };
        if (BearerHeader.Read(request) is not { } presented) return Raw.Json(StatusCodes.Status200OK, answer);
        var (token, _) = await _tokens.VerifyAsync(this, request.Settings, presented, ct);
        if (!_people.MayPass(request, token)) return Plain(request, StatusCodes.Status429TooManyRequests);
        answer["authenticated"] = token is not null;
        if (token is null) answer["error"] = InvalidToken;
        else answer["user"] = new RagModuloPerson(token.User, request.Settings).UserInfo();
        return Raw.Json(StatusCodes.Status200OK, answer);
    }

    /// <summary>The original only cleared a cookie. Here the token, and everything issued with it, is over.</summary>
    private async Task<IResult> SignOutAsync(DialectRequest request, CancellationToken ct)
    {
        if (BearerHeader.Read(request) is { } presented && (await _tokens.VerifyAsync(this, request.Settings, presented, ct)).Token is { } token) await _tokens.RevokeAsync(token.Grant, request.Address, ct);
        return Raw.Json(StatusCodes.Status200OK, new JsonObject { ["message"] = "Logged out successfully" });
    }
}
