using AuthServer.Engine.Clients;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary>The proof that a request comes from the client it names. Only <see cref="ClientAuthenticator"/> hands it out.</summary>
public sealed class AuthenticatedClient
{
    private AuthenticatedClient(Client client) => Client = client;

    public Client Client { get; }

    /// <summary>For the methods of this folder, after their check.</summary>
    internal static AuthenticatedClient Vouch(Client client) => new(client);
}
