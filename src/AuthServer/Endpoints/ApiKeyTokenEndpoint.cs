using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints;

/// <summary><c>POST /api/keys/token</c>: an API key for a short access token, answered as RFC 6749 §5.1 and §5.2 say. The body may be empty, or a form with <c>scope</c>.</summary>
/// <remarks>Of no specification, and so not in discovery.</remarks>
internal sealed class ApiKeyTokenEndpoint(ApiKeyTokens tokens)
{
    public const string Path = "/api/keys/token";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, (HttpContext http, ApiKeyTokenEndpoint endpoint) => endpoint.HandleAsync(http, http.RequestAborted)).DisableAntiforgery().WithMetadata(new OpenRouteAttribute("the API key says who it is")).ExcludeFromDescription();

    private async Task<IResult> HandleAsync(HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        string? scope = null;
        if (http.Request.ContentLength is > 0 || http.Request.ContentType is not null)
        {
            if (!(await ProtocolForm.ReadAsync(http, ct)).TryGet(out var form, out var fault)) return new OAuthErrorResult(fault);
            scope = form["scope"];
        }

        var key = ApiKeyHeader.Read(http, out var twice);
        if (twice) return new OAuthErrorResult(OAuthErrors.InvalidRequest("send the key once: Authorization or " + ApiKeyHeader.Name));
        if (key is null) return new OAuthErrorResult(OAuthErrors.InvalidToken() with { Challenge = "Bearer" });
        if (!(await tokens.ExchangeAsync(http, key, scope, ct)).TryGet(out var issued, out var error))
            return new OAuthErrorResult(error.Status == StatusCodes.Status401Unauthorized ? BearerToken.Challenged(error) : error);

        return TypedResults.Json(new TokenResponse { AccessToken = issued.AccessToken!, TokenType = "Bearer", ExpiresIn = issued.ExpiresIn, Scope = issued.Scopes.ToString() }, ProtocolJson.Default.TokenResponse);
    }
}
