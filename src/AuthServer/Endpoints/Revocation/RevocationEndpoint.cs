using AuthServer.Engine.Audit;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Revocation;

/// <summary>Token revocation (RFC 7009). A refresh token takes its whole grant with it; an access token goes alone. What is not known is as good as revoked.</summary>
public sealed class RevocationEndpoint(ClientAuthenticator authenticator, AccessTokenVerifier verifier, ITokenStore store, IAuditTrail audit, TimeProvider clock)
{
    public const string Path = "/connect/revoke";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, (HttpContext http, RevocationEndpoint endpoint) => endpoint.HandleAsync(http, http.RequestAborted)).DisableAntiforgery().WithMetadata(new OpenRouteAttribute("the client says who it is"));

    private async Task<IResult> HandleAsync(HttpContext http, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!(await ProtocolForm.ReadAsync(http, ct)).TryGet(out var form, out var error)) return new OAuthErrorResult(error);
        if (!(await authenticator.AuthenticateAsync(http.Request.Headers.Authorization, form, http.RemoteAddress(), ct)).TryGet(out var caller, out error)) return new OAuthErrorResult(error);
        if (form["token"] is not { } token) return new OAuthErrorResult(OAuthErrors.InvalidRequest("token is required"));

        // token_type_hint would only speed up a search that the token's own form already decides (§2.1).
        error = RefreshToken.TryRead(token, out var refresh) ? await RevokeAsync(refresh, caller.Client, ct) : await RevokeAsync(token, caller.Client, ct);
        return error is null ? TypedResults.Ok() : new OAuthErrorResult(error);
    }

    private async Task<OAuthError?> RevokeAsync(RefreshToken token, Client caller, CancellationToken ct)
    {
        if (await store.FindGrantByRefreshFamilyAsync(token.Family.Hash(), ct) is not { } standing) return null;
        if (!string.Equals(standing.Grant.ClientId, caller.ClientId, StringComparison.Ordinal)) return NotYours();

        await store.RevokeGrantAsync(standing.Grant.Id, clock.GetUtcNow(), ct);
        audit.Record(new AuditEvent(AuditKind.GrantRevoked, caller.ClientId, standing.Grant.UserId, standing.Grant.SessionId, Detail: "by the client"));
        return null;
    }

    private async Task<OAuthError?> RevokeAsync(string token, Client caller, CancellationToken ct)
    {
        // A token that is not good any more needs no revoking.
        if (!(await verifier.VerifyAsync(token, ct)).TryGet(out var access, out _)) return null;
        if (!string.Equals(access.Client.ClientId, caller.ClientId, StringComparison.Ordinal)) return NotYours();

        if (access.ReferenceHash is { } hash) await store.RevokeReferenceTokenAsync(hash, clock.GetUtcNow(), ct);
        else await store.RevokeAccessTokenAsync(access.TokenId, access.ExpiresAt, ct);
        audit.Record(new AuditEvent(AuditKind.GrantRevoked, caller.ClientId, access.Standing?.Grant.UserId, access.Standing?.Grant.SessionId, Detail: "access token, by the client"));
        return null;
    }

    /// <summary>§2.1: a token of another client is refused, and left as it is.</summary>
    private static OAuthError NotYours() => OAuthErrors.InvalidGrant("the token was not issued to this client");
}
