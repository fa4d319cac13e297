using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary>Client authentication as every endpoint uses it (RFC 6749 §2.3): exactly one method, and the one the client is registered for.</summary>
public sealed class ClientAuthenticator(IEnumerable<IClientAuthenticationMethod> methods, ClientRegistry clients, IAuditTrail audit)
{
    private readonly IClientAuthenticationMethod[] _methods = [.. methods.OrderBy(m => m.Name, StringComparer.Ordinal)];

    public IReadOnlyList<string> Methods => [.. _methods.Select(m => m.Name)];

    public async ValueTask<Result<AuthenticatedClient>> AuthenticateAsync(string? authorization, FormParameters form, string? address, CancellationToken ct)
    {
        if (!ClientCredentials.Read(authorization, form).TryGet(out var credentials, out var error)) return error;
        var result = await AuthenticateAsync(credentials, ct);
        if (!result.TryGet(out _, out error) && error.Code == "invalid_client")
            audit.Record(new AuditEvent(AuditKind.ClientAuthenticationRefused, clients.Find(credentials.ClientId)?.ClientId, Address: address, Detail: error.Detail));
        return result;
    }

    private async ValueTask<Result<AuthenticatedClient>> AuthenticateAsync(ClientCredentials credentials, CancellationToken ct)
    {
        IClientAuthenticationMethod? used = null;
        Client? client = null;
        var kinds = 0;
        foreach (var method in _methods)
        {
            if (!method.Matches(credentials)) continue;
            var named = clients.Find(method.ClientIdOf(credentials));
            // Both assertion methods match an assertion; which of them it is, the registration says and never the header (RFC 8725 §3.1).
            if (method is IClientAssertionMethod && used is IClientAssertionMethod)
            {
                if (named is not null && string.Equals(named.TokenEndpointAuthMethod, method.Name, StringComparison.Ordinal)) (used, client) = (method, named);
                continue;
            }

            kinds++;
            (used, client) = (method, named);
        }

        if (kinds > 1) return OAuthErrors.InvalidRequest("more than one way of client authentication is used");
        if (used is null) return credentials.Refused("no client authentication");
        if (client is null) return credentials.Refused("client unknown or disabled");
        if (!string.Equals(client.TokenEndpointAuthMethod, used.Name, StringComparison.Ordinal)) return credentials.Refused($"registered for {client.TokenEndpointAuthMethod}, used {used.Name}");
        return await used.AuthenticateAsync(client, credentials, ct);
    }
}
