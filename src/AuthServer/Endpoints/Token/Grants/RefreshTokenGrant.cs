using System.Security.Cryptography;
using AuthServer.Engine.Audit;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Token.Grants;

/// <summary><c>refresh_token</c> (RFC 6749 §6, RFC 9700 §4.14.2). Strict: a token is good once. Kind: the last request repeated within seconds gets the same successor.</summary>
internal sealed class RefreshTokenGrant(
    ITokenStore store, ClientRegistry clients, ResourceIndicators resources, RefreshTokenLifetimes lifetimes, DirectoryRelease directory, IAuditTrail audit, TimeProvider clock) : ITokenGrant
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
        var state = grant.Refresh!;
        var now = clock.GetUtcNow();
        if (standing.Fault(now) is { } fault) return Refused(fault);

        // A scope that was taken from the client since is gone; asking for more than was granted is an error (§6).
        var granted = ScopeSet.From(grant.Scopes.Where(s => clients.Scopes.Allows(client, s)));
        if (!ScopeSet.TryParse(request["scope"], out var narrowed) || !narrowed.IsSubsetOf(granted)) return OAuthErrors.InvalidScope("scope exceeds what was granted");
        if (resources.Breach(client, grant.Scopes, request.Resources) is { } target) return target;
        if (grant.Details.Resources.Count > 0 && request.Resources.Except(grant.Details.Resources, StringComparer.Ordinal).Any()) return OAuthErrors.InvalidTarget("a resource was not granted");

        var hash = presented.Secret.Hash();
        RefreshToken successor;
        if (CryptographicOperations.FixedTimeEquals(hash, state.SecretHash))
        {
            if (state.ExpiresAt <= now) return Refused("expired");
            successor = presented.Next();
            var next = RefreshTokenLifetimes.NextState(client, presented, successor, grant.ExpiresAt, now);
            if (!await store.TryRotateAsync(grant.Id, hash, next, ct))
            {
                // Somebody was faster with the same token: the answer is what a repetition gets.
                return await RepeatAsync(presented, ct) is { } repeated ? Access(client, grant, standing.User, granted, narrowed, request, repeated) : Refused("rotated in parallel");
            }
        }
        else if (IsRepetition(state, hash, now) && presented.TryUnseal(state.SealedSuccessor, out var secret))
        {
            successor = presented.WithSecret(secret);
        }
        else
        {
            await store.RevokeGrantAsync(grant.Id, now, ct);
            audit.Record(new AuditEvent(AuditKind.TokenReuseDetected, grant.ClientId, grant.UserId, grant.SessionId, Detail: "refresh token used twice"));
            return Refused("used twice");
        }

        return Access(client, grant, standing.User, granted, narrowed, request, successor);
    }

    private async Task<RefreshToken?> RepeatAsync(RefreshToken presented, CancellationToken ct)
    {
        var again = await store.FindGrantByRefreshFamilyAsync(presented.Family.Hash(), ct);
        var now = clock.GetUtcNow();
        return again?.Fault(now) is null && again?.Grant.Refresh is { } state && IsRepetition(state, presented.Secret.Hash(), now) && presented.TryUnseal(state.SealedSuccessor, out var secret)
            ? presented.WithSecret(secret)
            : null;
    }

    private bool IsRepetition(RefreshState state, byte[] hash, DateTimeOffset now) =>
        state.PreviousHash is { } previous && CryptographicOperations.FixedTimeEquals(hash, previous) && state.RotatedAt is { } at && now - at <= lifetimes.RepeatWindow;

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
