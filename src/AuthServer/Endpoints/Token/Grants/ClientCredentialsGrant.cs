using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Token.Grants;

/// <summary><c>client_credentials</c> (RFC 6749 §4.4): a client acting for itself. No row is written for a JWT.</summary>
internal sealed class ClientCredentialsGrant(ClientRegistry clients, ResourceIndicators resources) : ITokenGrant
{
    public string GrantType => GrantTypes.ClientCredentials;

    public Task<Result<GrantedAccess>> RedeemAsync(FormParameters request, AuthenticatedClient authenticated, CancellationToken ct) => Task.FromResult(Redeem(request, authenticated.Client));

    private Result<GrantedAccess> Redeem(FormParameters request, Client client)
    {
        // Anybody can say a public client's name (§4.4: confidential clients only).
        if (!client.IsConfidential) return OAuthErrors.UnauthorizedClient("a public client cannot act for itself");
        if (!ScopeSet.TryParse(request["scope"], out var scopes)) return OAuthErrors.InvalidScope("scope has characters outside the allowed set");
        if (scopes.IsEmpty) scopes = ScopeSet.From((client.Scope ?? ScopeSet.Empty).Where(s => !IsAboutAPerson(s)));
        foreach (var scope in scopes)
        {
            if (IsAboutAPerson(scope) || !clients.Scopes.Allows(client, scope)) return OAuthErrors.InvalidScope("a requested scope is unknown or not allowed for this client");
        }

        if (resources.Breach(client, scopes, request.Resources) is { } error) return error;
        return new GrantedAccess { Client = client, Scopes = scopes, Resources = request.Resources };
    }

    /// <summary>There is no user here, so no scope that speaks of one.</summary>
    private static bool IsAboutAPerson(string scope) => scope is StandardScopes.OpenId or StandardScopes.Profile or StandardScopes.Email
        or StandardScopes.Address or StandardScopes.Phone or StandardScopes.OfflineAccess || DirectoryClaims.Contains(scope);
}
