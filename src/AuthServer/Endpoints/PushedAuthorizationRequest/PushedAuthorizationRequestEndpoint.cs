using AuthServer.Endpoints.Authorization;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;
using Microsoft.Extensions.Options;

namespace AuthServer.Endpoints.PushedAuthorizationRequest;

/// <summary>Pushed authorization requests (RFC 9126): the client is authenticated and the request checked before any browser sees it.</summary>
public sealed class PushedAuthorizationRequestEndpoint(
    ClientAuthenticator authenticator, AuthorizationChecks checks, IPendingAuthorizationStore store, IOptions<TokenOptions> options, TimeProvider clock)
{
    public const string Path = "/connect/par";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, (HttpContext http, PushedAuthorizationRequestEndpoint endpoint) => endpoint.HandleAsync(http, http.RequestAborted)).DisableAntiforgery().WithMetadata(new OpenRouteAttribute("the client says who it is"));

    private async Task<IResult> HandleAsync(HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!(await ProtocolForm.ReadAsync(http, ct)).TryGet(out var form, out var error)) return new OAuthErrorResult(error);
        if (!(await authenticator.AuthenticateAsync(http.Request.Headers.Authorization, form, http.RemoteAddress(), ct)).TryGet(out var authenticated, out error)) return new OAuthErrorResult(error);

        // RFC 9126 §2.1: request_uri must not be pushed; the client is the authenticated one, whatever the form says.
        if (form.Has("request_uri")) return new OAuthErrorResult(OAuthErrors.InvalidRequest("request_uri cannot be pushed"));
        var client = authenticated.Client;
        var parameters = form.Without("client_secret", "client_assertion", "client_assertion_type").With("client_id", client.ClientId);
        var openId = ScopeSet.TryParse(parameters["scope"], out var scopes) && scopes.Contains(StandardScopes.OpenId);
        if (!VerifiedRedirect.Verify(client, parameters["redirect_uri"], openId).TryGet(out _, out error)) return new OAuthErrorResult(error);
        if (checks.FirstBreach(new AuthorizationRequest(client, parameters)) is { } breach) return new OAuthErrorResult(breach with { Status = StatusCodes.Status400BadRequest });

        var handle = Handle.New();
        var lifetime = options.Value.PushedRequestLifetime;
        await store.AddPushedAsync(new PushedRequest
        {
            Hash = handle.Hash(),
            ClientId = client.ClientId,
            Parameters = parameters.All,
            Resources = parameters.Resources,
            ExpiresAt = clock.GetUtcNow().AddSeconds(lifetime) + PushedRequests.Kept,
        }, ct);
        return TypedResults.Json(new PushedAuthorizationResponse { RequestUri = PushedRequests.UrnPrefix + handle.Reveal(), ExpiresIn = lifetime }, ProtocolJson.Default.PushedAuthorizationResponse, statusCode: StatusCodes.Status201Created);
    }
}
