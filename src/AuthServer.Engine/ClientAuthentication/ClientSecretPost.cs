using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary><c>client_secret_post</c> (RFC 6749 §2.3.1).</summary>
internal sealed class ClientSecretPost(ClientSecrets secrets) : IClientAuthenticationMethod
{
    public string Name => "client_secret_post";

    public bool Matches(ClientCredentials credentials) => credentials.Form.Has("client_secret");

    public async ValueTask<Result<AuthenticatedClient>> AuthenticateAsync(Client client, ClientCredentials credentials, CancellationToken ct) =>
        await secrets.MatchAsync(client, credentials.Form["client_secret"]!, ct) ? AuthenticatedClient.Vouch(client) : credentials.Refused("wrong client_secret");
}
