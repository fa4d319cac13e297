using AuthServer.Endpoints.Token;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.ProtocolTests.House;

internal sealed class PingGrant : ITokenGrant
{
    public string GrantType => "urn:example:ping";

    public Task<Result<GrantedAccess>> RedeemAsync(FormParameters request, AuthenticatedClient client, CancellationToken ct) =>
        Task.FromResult<Result<GrantedAccess>>(new GrantedAccess { Client = client.Client, Scopes = ScopeSet.Empty });
}
