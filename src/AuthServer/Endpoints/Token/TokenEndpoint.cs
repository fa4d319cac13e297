using System.Collections.Frozen;
using AuthServer.Engine.Audit;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Token;

/// <summary>The token endpoint (RFC 6749 §3.2). Owns the order in which every grant is handled; must not know any of them.</summary>
public sealed class TokenEndpoint(ClientAuthenticator clients, IEnumerable<ITokenGrant> grants, TokenIssuer tokens, IAuditTrail audit)
{
    public const string Path = "/connect/token";

    private readonly FrozenDictionary<string, ITokenGrant> _grants = grants.ToFrozenDictionary(g => g.GrantType, StringComparer.Ordinal);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, (HttpContext http, TokenEndpoint endpoint) => endpoint.HandleAsync(http, http.RequestAborted)).DisableAntiforgery().WithMetadata(new OpenRouteAttribute("the client says who it is"));

    private async Task<IResult> HandleAsync(HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!(await ProtocolForm.ReadAsync(http, ct)).TryGet(out var request, out var error)) return Refuse(http, error);
        if (request["grant_type"] is not { } grantType) return Refuse(http, OAuthErrors.InvalidRequest("grant_type is required"));
        if (!(await clients.AuthenticateAsync(http.Request.Headers.Authorization, request, http.RemoteAddress(), ct)).TryGet(out var client, out error)) return Refuse(http, error);
        if (!_grants.TryGetValue(grantType, out var grant)) return Refuse(http, OAuthErrors.UnsupportedGrantType(), client);
        if (!client.Client.Allows(grantType)) return Refuse(http, OAuthErrors.UnauthorizedClient("this grant_type is not registered for this client"), client);
        if (!(await grant.RedeemAsync(request, client, ct)).TryGet(out var access, out error)) return Refuse(http, error, client);

        var issued = await tokens.IssueAsync(access, ct);
        audit.Record(new AuditEvent(AuditKind.GrantIssued, access.Client.ClientId, access.Grant?.UserId, access.Grant?.SessionId, http.RemoteAddress(), grantType));
        return TypedResults.Json(ToResponse(issued), ProtocolJson.Default.TokenResponse);
    }

    private static TokenResponse ToResponse(IssuedTokens issued) => new()
    {
        AccessToken = issued.AccessToken!,
        TokenType = "Bearer",
        ExpiresIn = issued.ExpiresIn,
        RefreshToken = issued.RefreshToken,
        IdToken = issued.IdToken,
        Scope = issued.Scopes.IsEmpty ? null : issued.Scopes.ToString(),
    };

    private OAuthErrorResult Refuse(HttpContext http, OAuthError error, AuthenticatedClient? client = null)
    {
        if (client is not null && !error.IsWaiting) audit.Record(new AuditEvent(AuditKind.GrantRefused, client.Client.ClientId, Address: http.RemoteAddress(), Detail: error.Detail ?? error.Code));
        return new OAuthErrorResult(error);
    }
}
