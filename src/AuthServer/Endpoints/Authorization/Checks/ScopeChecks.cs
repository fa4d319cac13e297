using AuthServer.Engine.Tokens;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints.Authorization.Checks;

/// <summary>Rules on what is asked for: scopes and resources.</summary>
public sealed class ScopeChecks(ClientRegistry clients, ResourceIndicators resources)
{
    public OAuthError? ScopeIsAllowed(AuthorizationRequest request)
    {
        if (!ScopeSet.TryParse(request.Parameters["scope"], out var scopes)) return OAuthErrors.InvalidScope("scope has characters outside the allowed set");
        foreach (var scope in scopes)
        {
            if (!clients.Scopes.Allows(request.Client, scope)) return OAuthErrors.InvalidScope("a requested scope is unknown or not allowed for this client");
        }

        request.Scopes = scopes;
        return null;
    }

    public OAuthError? IdTokenNeedsOpenId(AuthorizationRequest request) =>
        request.Wants("id_token") && !request.IsOpenId ? OAuthErrors.InvalidRequest("response_type id_token needs the scope openid") : null;

    /// <summary>OpenID Connect Core §11: ignored, not refused, where no refresh token can come of it.</summary>
    public OAuthError? OfflineAccessNeedsRefreshTokens(AuthorizationRequest request)
    {
        if ((!request.Wants("code") && !request.IsOfDevice) || !request.Client.Allows(GrantTypes.RefreshToken)) request.Scopes = request.Scopes.Without(StandardScopes.OfflineAccess);
        return null;
    }

    public OAuthError? ResourcesAreAllowed(AuthorizationRequest request)
    {
        if (resources.Breach(request.Client, request.Scopes, request.Parameters.Resources) is { } error) return error;
        request.Resources = request.Parameters.Resources;
        return null;
    }
}
