using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.ApiKeys;

/// <summary>Which scopes a key can have at all. What opens this server itself is judged where it is used, by the rights of the owner at that moment.</summary>
public sealed class ApiKeyScopes(ClientRegistry clients)
{
    /// <summary>A client's keys do what the client may; everybody else's what is not reserved to clients, or is a right of this server.</summary>
    public bool IsOpenTo(ApiKeyOwner owner, string scope)
    {
        if (scope == StandardScopes.OfflineAccess || clients.Scopes.Find(scope) is not { } known) return false;
        if (owner.ClientId is { } id) return clients.Find(id) is { } client && clients.Scopes.Allows(client, scope);
        return !known.Reserved || known.OfThisServer;
    }

    /// <summary>Those of the server and of the deployment, in the order of the catalog.</summary>
    public IEnumerable<ScopeDefinition> For(ApiKeyOwner owner) => clients.Scopes.All.Where(s => IsOpenTo(owner, s.Name));
}
