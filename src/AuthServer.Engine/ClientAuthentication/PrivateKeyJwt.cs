using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary><c>private_key_jwt</c> (OpenID Connect Core §9).</summary>
internal sealed class PrivateKeyJwt(ClientAssertion assertions, ClientKeys keys) : IClientAuthenticationMethod, IClientAssertionMethod
{
    public string Name => "private_key_jwt";

    public bool Matches(ClientCredentials credentials) => ClientAssertion.IsIn(credentials);

    public string? ClientIdOf(ClientCredentials credentials) => ClientAssertion.ClaimedClientId(credentials);

    public ValueTask<Result<AuthenticatedClient>> AuthenticateAsync(Client client, ClientCredentials credentials, CancellationToken ct) =>
        assertions.VerifyAsync(client, credentials, kid => keys.FindAsync(client, kid, ct), SignatureAlgorithm.Asymmetric, ct);
}
