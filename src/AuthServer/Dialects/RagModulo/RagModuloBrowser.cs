using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Dialects.Answers;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Dialects.RagModulo;

/// <summary>
/// The sign-in that leads a browser away and back. The original went to IBM; here it goes to this server's own pages, as the client that <see cref="DialectSettings.ClientId"/> names, whose
/// redirect URI is <c>{web page}/api/auth/callback</c>, as the original registered it.
/// </summary>
internal sealed class RagModuloBrowser(RagModuloDialect dialect, DialectHandover handover, RagModuloTokens tokens, Issuer issuer)
{
    private const string CallbackPath = "/api/auth/callback";
    private const string CookieName = "ragmodulo_sign_in";
    private const string Scope = "openid profile email";

    /// <summary>How the original's <c>state</c> begins where the command line sent the browser; the rest of it is ours.</summary>
    private const string ForCommandLine = "source=cli.";

    /// <summary>Metadata for the web page's OIDC library.</summary>
    public Task<IResult> ConfigurationAsync(DialectRequest request, CancellationToken ct)
    {
        if (Place(request) is not var (client, callback)) return Task.FromResult<IResult>(FastApi.Detail(StatusCodes.Status500InternalServerError, "OIDC discovery endpoint not configured"));
        return Task.FromResult<IResult>(Raw.Json(StatusCodes.Status200OK, new JsonObject
        {
            ["authority"] = issuer.Identifier, ["client_id"] = client.ClientId, ["redirect_uri"] = callback, ["response_type"] = "code", ["scope"] = Scope, ["loadUserInfo"] = true,
            ["metadata"] = new JsonObject
            {
                ["issuer"] = issuer.Identifier, ["authorization_endpoint"] = issuer.Url("/connect/authorize"), ["token_endpoint"] = issuer.Url("/connect/token"),
                ["userinfo_endpoint"] = issuer.Url("/connect/userinfo"), ["end_session_endpoint"] = issuer.Url("/connect/endsession"), ["jwks_uri"] = issuer.Url("/.well-known/jwks.json"),
            },
        }));
    }

    /// <summary><c>GET /login</c>.</summary>
    public Task<IResult> BeginAsync(DialectRequest request, CancellationToken ct)
    {
        if (Place(request) is not var (client, callback)) return Task.FromResult<IResult>(FastApi.Detail(StatusCodes.Status500InternalServerError, "Internal server error during login process"));
        var began = BrowserSignIn.New(request.Query("source") == "cli" ? ForCommandLine : "source=web.");
        request.Http.Response.Cookies.Append(CookieName, began.Cookie, Cookie(TimeSpan.FromMinutes(10)));
        var query = QueryString.Create(new Dictionary<string, string?>
        {
            ["response_type"] = "code", ["client_id"] = client.ClientId, ["redirect_uri"] = callback, ["scope"] = Scope, ["state"] = began.State, ["code_challenge"] = began.Challenge, ["code_challenge_method"] = CodeChallenge.S256,
        });
        return Task.FromResult<IResult>(Raw.Empty(StatusCodes.Status302Found).With("Location", issuer.Url("/connect/authorize") + query));
    }

    /// <summary><c>GET /callback</c>: takes the code and gives the web page a token, in the address, where it looks for it.</summary>
    public async Task<IResult> ReturnAsync(DialectRequest request, CancellationToken ct)
    {
        if (Place(request) is not var (client, callback)) return FastApi.Detail(StatusCodes.Status500InternalServerError, "Internal server error during login process");
        var page = callback[..^CallbackPath.Length];
        var began = BrowserSignIn.Read(request.Http.Request.Cookies[CookieName], request.Query("state"));
        request.Http.Response.Cookies.Delete(CookieName, Cookie(null));
        if (began is null || await handover.TakeCodeAsync(dialect, client, request.Query("code"), callback, began, RagModuloTokens.Lifetime(request.Settings), request.Address, ct) is not { } opened)
            return Redirect(page + "/signin?error=authentication_failed");
        var token = await tokens.AccessTokenAsync(request, opened, ct);
        return Redirect(page + (began.State.StartsWith(ForCommandLine, StringComparison.Ordinal) ? "/callback?token=" : "/auth/callback?token=") + Uri.EscapeDataString(token));
    }

    /// <summary><c>POST /cli/start</c>: where the command line's person has to go.</summary>
    public Task<IResult> BeginForCommandLineAsync(DialectRequest request, CancellationToken ct)
    {
        var fields = FastApiFields.OfJson(request);
        if (fields.Optional("provider") is { } provider && provider != "ibm" && fields.Refusal is null)
            return Task.FromResult<IResult>(FastApi.Detail(StatusCodes.Status400BadRequest, "Only IBM provider is currently supported"));
        if (fields.Refusal is { } refusal) return Task.FromResult<IResult>(refusal);
        var port = request.Json!["callback_port"];
        if (port is not null && !(port is JsonValue number && number.TryGetValue<int>(out var given) && given is > 0 and < 65536))
            return Task.FromResult<IResult>(FastApi.Unprocessable(FastApi.Fault("int_parsing", "Input should be a valid integer", null, "body", "callback_port")));

        var state = Handle.New().Reveal();
        var query = QueryString.Create(new Dictionary<string, string?>
        {
            ["redirect_uri"] = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{(int?)port ?? 8080}/callback"), ["state"] = state, ["source"] = "cli",
        });
        return Task.FromResult<IResult>(Raw.Json(StatusCodes.Status200OK, new JsonObject { ["auth_url"] = Here(request.Settings) + "/api/auth/login" + query, ["state"] = state }));
    }

    /// <summary>The client, and the one of its redirect URIs that leads here. Null: nothing is set up.</summary>
    private (Client Client, string Callback)? Place(DialectRequest request) =>
        handover.ClientOf(request.Settings) is { } client && client.RedirectUris.FirstOrDefault(static u => u.EndsWith(CallbackPath, StringComparison.Ordinal)) is { } callback ? (client, callback) : null;

    /// <summary>This API's own address, as the settings place it.</summary>
    private string Here(DialectSettings settings) =>
        (settings.Host is { Length: > 0 } host ? new UriBuilder(issuer.Uri) { Host = host }.Uri.GetLeftPart(UriPartial.Authority) : issuer.Identifier) + settings.PathPrefix?.TrimEnd('/');

    private CookieOptions Cookie(TimeSpan? life) => new() { HttpOnly = true, Secure = issuer.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = life, IsEssential = true };

    private static Raw Redirect(string location) => Raw.Empty(StatusCodes.Status307TemporaryRedirect).With("Location", location);
}
