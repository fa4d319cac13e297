using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Token;

/// <summary>One value of <c>grant_type</c>. Proves that the client may have what it asks for, and nothing else: the endpoint owns authentication, the allow-list and the issuing.</summary>
/// <remarks>To add a grant, write one class in <c>Grants/</c>; it is found at start and discovery lists it.</remarks>
public interface ITokenGrant
{
    /// <summary>The wire value.</summary>
    string GrantType { get; }

    Task<Result<GrantedAccess>> RedeemAsync(FormParameters request, AuthenticatedClient client, CancellationToken ct);
}
