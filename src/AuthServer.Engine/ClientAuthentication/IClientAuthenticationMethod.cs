using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary>One value of <c>token_endpoint_auth_method</c>. Found at start; discovery lists <see cref="Name"/>.</summary>
public interface IClientAuthenticationMethod
{
    /// <summary>The wire name.</summary>
    string Name { get; }

    /// <summary>True where the request carries this method's means.</summary>
    bool Matches(ClientCredentials credentials);

    /// <summary>The client the request names; null where it names none.</summary>
    string? ClientIdOf(ClientCredentials credentials) => credentials.ClientId;

    /// <summary>Checks the means against the registration. The client is registered for this method and enabled.</summary>
    ValueTask<Result<AuthenticatedClient>> AuthenticateAsync(Client client, ClientCredentials credentials, CancellationToken ct);
}
