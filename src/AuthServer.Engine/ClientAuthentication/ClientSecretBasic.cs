using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary><c>client_secret_basic</c> (RFC 6749 §2.3.1).</summary>
internal sealed class ClientSecretBasic(ClientSecrets secrets) : IClientAuthenticationMethod
{
    public string Name => "client_secret_basic";

    public bool Matches(ClientCredentials credentials) => credentials.HasBasic;

    public async ValueTask<Result<AuthenticatedClient>> AuthenticateAsync(Client client, ClientCredentials credentials, CancellationToken ct) =>
        await secrets.MatchAsync(client, credentials.BasicSecret!, ct) ? AuthenticatedClient.Vouch(client) : credentials.Refused("wrong client_secret");
}
