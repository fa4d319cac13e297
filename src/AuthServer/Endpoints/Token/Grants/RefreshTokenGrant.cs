using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Token.Grants;

/// <summary><c>refresh_token</c> (RFC 6749 §6, RFC 9700 §4.14.2). Strict: a token is good once. Kind: the last request repeated within seconds gets the same successor.</summary>
internal sealed class RefreshTokenGrant(
    ITokenStore store, ClientRegistry clients, ResourceIndicators resources, RefreshRotation rotation, DirectoryRelease directory, TimeProvider clock) : ITokenGrant
{
    public string GrantType => GrantTypes.RefreshToken;

    public async Task<Result<GrantedAccess>> RedeemAsync(FormParameters request, AuthenticatedClient authenticated, CancellationToken ct)
    {
        var client = authenticated.Client;
        if (request["refresh_token"] is not { } text) return OAuthErrors.InvalidRequest("refresh_token is required");
        if (!RefreshToken.TryRead(text, out var presented)) return Refused("not a refresh token");

        var standing = await store.FindGrantByRefreshFamilyAsync(presented.Family.Hash(), ct, directory.BeyondScopes(client));
        if (standing is null || !string.Equals(standing.Grant.ClientId, client.ClientId, StringComparison.Ordinal)) return Refused("unknown, or another client's");
        var grant = standing.Grant;
        var now = clock.GetUtcNow();
        if (standing.Fault(now) is { } fault) return Refused(fault);

        // A scope that was taken from the client since is gone; asking for more than was granted is an error (§6).
        var granted = ScopeSet.From(grant.Scopes.Where(s => clients.Scopes.Allows(client, s)));
        if (!ScopeSet.TryParse(request["scope"], out var narrowed) || !narrowed.IsSubsetOf(granted)) return OAuthErrors.InvalidScope("scope exceeds what was granted");
        if (resources.Breach(client, grant.Scopes, request.Resources) is { } target) return target;
        if (grant.Details.Resources.Count > 0 && request.Resources.Except(grant.Details.Resources, StringComparer.Ordinal).Any()) return OAuthErrors.InvalidTarget("a resource was not granted");

        return await rotation.RotateAsync(client, grant, presented, kind: true, ct) switch
        {
            RotationOutcome.Rotated rotated => Access(client, grant, standing.User, granted, narrowed, request, rotated.Successor),
            RotationOutcome.Refused refused => Refused(refused.Reason),
            _ => Refused("used twice"),
        };
    }

    private static GrantedAccess Access(Client client, Grant grant, GrantUser? user, ScopeSet granted, ScopeSet narrowed, FormParameters request, RefreshToken successor)
    {
        var scopes = narrowed.IsEmpty ? granted : narrowed;
        return new GrantedAccess
        {
            Client = client,
            Scopes = scopes,
            Resources = request.Resources.Count > 0 ? request.Resources : grant.Details.Resources,
            Grant = grant,
            User = user,
            RefreshToken = successor.Reveal(),
            WithIdToken = scopes.Contains(StandardScopes.OpenId),
        };
    }

    private static OAuthError Refused(string reason) => OAuthErrors.InvalidGrant("the refresh token is unknown, expired, used, or was issued to another client").Because(reason);
}
