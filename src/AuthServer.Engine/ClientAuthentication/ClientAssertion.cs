using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary>Marks the methods that prove the client by a signed JWT.</summary>
internal interface IClientAssertionMethod;

/// <summary>The rules that both assertion methods share (RFC 7523 §3, OpenID Connect Core §9).</summary>
public sealed class ClientAssertion(Issuer issuer, IReplayStore replays, TimeProvider clock)
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(60);

    private readonly string[] _audiences =
    [
        issuer.Identifier, issuer.Url("/"), issuer.Url("/connect/token"), issuer.Url("/connect/par"), issuer.Url("/connect/introspect"), issuer.Url("/connect/revoke"),
    ];

    internal static bool IsIn(ClientCredentials credentials) =>
        credentials.Form.Has("client_assertion") || credentials.Form.Has("client_assertion_type");

    /// <summary>The client whose keys to try. What it says is believed only once its signature is verified.</summary>
    internal static string? ClaimedClientId(ClientCredentials credentials) =>
        credentials.Form["client_assertion"] is { } text && Jwt.Read(text).TryGet(out var jwt, out _) ? jwt.UnverifiedClaims.Subject : null;

    internal async ValueTask<Result<AuthenticatedClient>> VerifyAsync(
        Client client, ClientCredentials credentials, Func<string?, ValueTask<JsonWebKeySet>> keys, IReadOnlyList<SignatureAlgorithm> allowed, CancellationToken ct)
    {
        if (credentials.Form["client_assertion_type"] != ClientCredentials.JwtBearer) return OAuthErrors.InvalidRequest("client_assertion_type is not supported");
        if (!Jwt.Read(credentials.Form["client_assertion"] ?? "").TryGet(out var jwt, out var fault)) return credentials.Refused(fault.ToString());

        var algorithms = client.TokenEndpointAuthSigningAlg is { } registered ? [.. allowed.Where(a => a.Name == registered)] : allowed;
        if (!Jwt.TryVerify(jwt, await keys(jwt.Jws.Kid), algorithms, JwtType.ClientAssertion, out var verified, out fault)) return credentials.Refused(fault.ToString());

        var now = clock.GetUtcNow();
        fault = new JwtExpectations { Now = now, Issuer = client.ClientId, Audiences = _audiences, RequireId = true, RequireSubject = true, MaxLifetime = LongestLife }.Check(verified);
        if (fault != JwtFault.None) return credentials.Refused(fault.ToString());
        if (!string.Equals(verified.Claims.Subject, client.ClientId, StringComparison.Ordinal)) return credentials.Refused("sub is not the client");
        if (credentials.Form["client_id"] is { } named && !string.Equals(named, client.ClientId, StringComparison.Ordinal)) return credentials.Refused("client_id differs from the assertion");

        // Last, so that only what was proved can use up an identifier (RFC 7523 §3 item 7).
        var seen = Handle.HashOf(client.ClientId + '\n' + verified.Claims.Id);
        return await replays.TryUseAsync("client_assertion", seen, verified.Claims.ExpiresAt!.Value.AddMinutes(1), ct)
            ? AuthenticatedClient.Vouch(client)
            : credentials.Refused("assertion used before");
    }
}
