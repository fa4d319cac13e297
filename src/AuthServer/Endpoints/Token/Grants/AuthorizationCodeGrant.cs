using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Token.Grants;

/// <summary><c>authorization_code</c> (RFC 6749 §4.1.3, RFC 7636 §4.5, OpenID Connect Core §3.1.3).</summary>
internal sealed class AuthorizationCodeGrant(ITokenStore store, GrantOpening opening, DirectoryRelease directory, TimeProvider clock) : ITokenGrant
{
    private static readonly GrantOpening.Fetched Code = new("authorization code", OAuthErrors.InvalidGrant("the code is unknown, expired, used, or does not belong to this request"));

    public string GrantType => GrantTypes.AuthorizationCode;

    public async Task<Result<GrantedAccess>> RedeemAsync(FormParameters request, AuthenticatedClient authenticated, CancellationToken ct)
    {
        var client = authenticated.Client;
        if (request["code"] is not { } text) return OAuthErrors.InvalidRequest("code is required");
        if (!Handle.TryRead(text, out var handle)) return Refused("not a code");

        var hash = handle.Hash();
        if (await store.FindCodeAsync(hash, ct, directory.BeyondScopes(client)) is not { } found || !string.Equals(found.Code.ClientId, client.ClientId, StringComparison.Ordinal)) return Refused("unknown, or another client's");
        var (code, standing) = (found.Code, found.Grant);
        var now = clock.GetUtcNow();
        // The redirect_uri of the authorization request comes again, or neither had one (§4.1.3).
        if (!string.Equals(code.RedirectUri, request["redirect_uri"], StringComparison.Ordinal)) return Refused("redirect_uri differs");
        if (!CodeChallenge.Matches(code.CodeChallenge, request["code_verifier"])) return Refused("code_verifier does not match");

        // Possession is proved. Only now may a second use cost the first one its tokens (RFC 6749 §4.1.2, §10.5).
        if (code.RedeemedAt is not null) return await opening.UsedTwiceAsync(standing.Grant, Code, ct);
        if (code.ExpiresAt <= now) return Refused("expired");
        return await opening.OpenAsync(client, standing, request, code.Nonce, Code, () => store.TryRedeemCodeAsync(hash, now, ct), ct);
    }

    private static OAuthError Refused(string reason) => Code.Refused.Because(reason);
}
