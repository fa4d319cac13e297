using AuthServer.Engine.Audit;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Token.Grants;

/// <summary><c>authorization_code</c> (RFC 6749 §4.1.3, RFC 7636 §4.5, OpenID Connect Core §3.1.3).</summary>
internal sealed class AuthorizationCodeGrant(
    ITokenStore store, ClientRegistry clients, ResourceIndicators resources, RefreshTokenLifetimes lifetimes, DirectoryRelease directory, IAuditTrail audit, TimeProvider clock) : ITokenGrant
{
    public string GrantType => GrantTypes.AuthorizationCode;

    public async Task<Result<GrantedAccess>> RedeemAsync(FormParameters request, AuthenticatedClient authenticated, CancellationToken ct)
    {
        var client = authenticated.Client;
        if (request["code"] is not { } text) return OAuthErrors.InvalidRequest("code is required");
        if (!Handle.TryRead(text, out var handle)) return Refused("not a code");

        var hash = handle.Hash();
        if (await store.FindCodeAsync(hash, ct, directory.BeyondScopes(client)) is not { } found || !string.Equals(found.Code.ClientId, client.ClientId, StringComparison.Ordinal)) return Refused("unknown, or another client's");
        var (code, standing) = (found.Code, found.Grant);
        var now = clock.GetUtcNow();
        // The redirect_uri of the authorization request comes again, or neither had one (§4.1.3).
        if (!string.Equals(code.RedirectUri, request["redirect_uri"], StringComparison.Ordinal)) return Refused("redirect_uri differs");
        if (!CodeChallenge.Matches(code.CodeChallenge, request["code_verifier"])) return Refused("code_verifier does not match");

        // Possession is proved. Only now may a second use cost the first one its tokens (RFC 6749 §4.1.2, §10.5).
        if (code.RedeemedAt is not null) return await UsedTwiceAsync(standing.Grant, now, ct);
        if (code.ExpiresAt <= now) return Refused("expired");
        if (standing.Fault(now) is { } fault) return Refused(fault);
        if (resources.Breach(client, standing.Grant.Scopes, request.Resources) is { } target) return target;
        if (standing.Grant.Details.Resources is { Count: > 0 } granted && request.Resources.Except(granted, StringComparer.Ordinal).Any())
            return OAuthErrors.InvalidTarget("a resource was not part of the authorization request");
        if (!await store.TryRedeemCodeAsync(hash, now, ct)) return await UsedTwiceAsync(standing.Grant, now, ct);

        var refreshable = client.Allows(GrantTypes.RefreshToken);
        var token = RefreshToken.New();
        var opened = standing.Grant with { ExpiresAt = refreshable ? lifetimes.AbsoluteEnd(client, standing.Grant) : lifetimes.EndWithoutRefresh(client, now) };
        var refresh = refreshable ? RefreshTokenLifetimes.FirstState(client, token, opened.ExpiresAt, now) : null;
        if (!await store.TryOpenGrantAsync(opened.Id, opened.ExpiresAt, refresh, ct)) return Refused("revoked while it was redeemed");

        // A scope that was taken from the client since the request is gone.
        var scopes = ScopeSet.From(opened.Scopes.Where(s => clients.Scopes.Allows(client, s)));
        return new GrantedAccess
        {
            Client = client,
            Scopes = scopes,
            Resources = request.Resources.Count > 0 ? request.Resources : opened.Details.Resources,
            Grant = opened with { Refresh = refresh },
            User = standing.User,
            RefreshToken = refreshable ? token.Reveal() : null,
            WithIdToken = scopes.Contains(StandardScopes.OpenId),
            Nonce = code.Nonce,
        };
    }

    private async Task<Result<GrantedAccess>> UsedTwiceAsync(Grant grant, DateTimeOffset now, CancellationToken ct)
    {
        await store.RevokeGrantAsync(grant.Id, now, ct);
        audit.Record(new AuditEvent(AuditKind.TokenReuseDetected, grant.ClientId, grant.UserId, grant.SessionId, Detail: "authorization code used twice"));
        return Refused("used twice");
    }

    private static OAuthError Refused(string reason) => OAuthErrors.InvalidGrant("the code is unknown, expired, used, or does not belong to this request").Because(reason);
}
