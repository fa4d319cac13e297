using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Tokens;

/// <summary>Which APIs a token is for: <c>resource</c> (RFC 8707) and <c>aud</c> (RFC 9068 §3), so that a token for one API is refused by the next.</summary>
public sealed class ResourceIndicators(ClientRegistry clients, Issuer issuer)
{
    /// <summary>Null where the client may name all of these.</summary>
    public OAuthError? Breach(Client client, ScopeSet scopes, IReadOnlyList<string> requested)
    {
        foreach (var resource in requested)
        {
            if (!Uri.TryCreate(resource, UriKind.Absolute, out _) || resource.Contains('#', StringComparison.Ordinal))
                return OAuthErrors.InvalidTarget("resource must be an absolute URI without fragment");
            if (!IsAllowed(client, scopes, resource)) return OAuthErrors.InvalidTarget("a requested resource is unknown or not allowed for this client");
        }

        return null;
    }

    /// <summary>The audience of an access token. The issuer itself is in it where UserInfo or the administration may be called, and where no API is known.</summary>
    public IReadOnlyList<string> AudienceOf(ScopeSet scopes, IReadOnlyList<string> resources)
    {
        List<string> audience = resources.Count > 0 ? [.. resources] : [.. clients.Scopes.ResourcesOf(scopes)];
        if (audience.Count == 0 || scopes.Contains(StandardScopes.OpenId) || clients.Scopes.AnyOfThisServer(scopes)) audience.Add(issuer.Identifier);
        return audience;
    }

    private bool IsAllowed(Client client, ScopeSet scopes, string resource) =>
        client.AllowedResources.Contains(resource, StringComparer.Ordinal)
        || clients.Scopes.ResourcesOf(client.Scope ?? scopes).Contains(resource, StringComparer.Ordinal);
}
