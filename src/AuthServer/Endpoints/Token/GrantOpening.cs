using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Token;

/// <summary>The end of every grant that a person gave and a client fetches by something that is good once: a code, a device code. Who may have it is proved before.</summary>
internal sealed class GrantOpening(ITokenStore store, ClientRegistry clients, ResourceIndicators resources, RefreshTokenLifetimes lifetimes, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>What is fetched, in the words of the trail and of the refusal.</summary>
    /// <param name="Name">As in "authorization code".</param>
    /// <param name="Refused">The one answer to everything that is wrong with it.</param>
    public readonly record struct Fetched(string Name, OAuthError Refused);

    /// <summary>Uses it up and gives the grant its life beyond it. A second use costs the first one its tokens (RFC 6749 §4.1.2, §10.5).</summary>
    /// <param name="tryRedeem">True for exactly one caller.</param>
    public async Task<Result<GrantedAccess>> OpenAsync(Client client, StandingGrant standing, FormParameters request, string? nonce, Fetched fetched, Func<Task<bool>> tryRedeem, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (standing.Fault(now) is { } fault) return fetched.Refused.Because(fault);
        if (resources.Breach(client, standing.Grant.Scopes, request.Resources) is { } target) return target;
        if (standing.Grant.Details.Resources is { Count: > 0 } granted && request.Resources.Except(granted, StringComparer.Ordinal).Any())
            return OAuthErrors.InvalidTarget("a resource was not part of the authorization request");
        if (!await tryRedeem()) return await UsedTwiceAsync(standing.Grant, fetched, ct);

        var refreshable = client.Allows(GrantTypes.RefreshToken);
        var token = RefreshToken.New();
        var opened = standing.Grant with { ExpiresAt = refreshable ? lifetimes.AbsoluteEnd(client, standing.Grant) : lifetimes.EndWithoutRefresh(client, now) };
        var refresh = refreshable ? RefreshTokenLifetimes.FirstState(client, token, opened.ExpiresAt, now) : null;
        if (!await store.TryOpenGrantAsync(opened.Id, opened.ExpiresAt, refresh, ct)) return fetched.Refused.Because("revoked while it was redeemed");

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
            Nonce = nonce,
        };
    }

    public async Task<OAuthError> UsedTwiceAsync(Grant grant, Fetched fetched, CancellationToken ct)
    {
        await store.RevokeGrantAsync(grant.Id, clock.GetUtcNow(), ct);
        audit.Record(new AuditEvent(AuditKind.TokenReuseDetected, grant.ClientId, grant.UserId, grant.SessionId, Detail: fetched.Name + " used twice"));
        return fetched.Refused.Because("used twice");
    }
}
