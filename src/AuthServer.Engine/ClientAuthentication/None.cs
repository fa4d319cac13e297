using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary><c>none</c>: a public client only says who it is (RFC 7591 §2). PKCE and exact redirect URIs protect it, not this.</summary>
internal sealed class None : IClientAuthenticationMethod
{
    public string Name => "none";

    public bool Matches(ClientCredentials credentials) =>
        !credentials.HasBasic && credentials.Form.Has("client_id") && !credentials.Form.Has("client_secret") && !credentials.Form.Has("client_assertion");

    public ValueTask<Result<AuthenticatedClient>> AuthenticateAsync(Client client, ClientCredentials credentials, CancellationToken ct) =>
        ValueTask.FromResult<Result<AuthenticatedClient>>(AuthenticatedClient.Vouch(client));
}
