using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Endpoints.Token.Grants;

/// <summary><c>urn:ietf:params:oauth:grant-type:device_code</c> (RFC 8628 §3.4): a device asks whether its person has decided. As long as not, that costs one command.</summary>
internal sealed class DeviceCodeGrant(IDeviceCodeStore devices, ITokenStore store, GrantOpening opening, DirectoryRelease directory, TimeProvider clock) : ITokenGrant
{
    private static readonly GrantOpening.Fetched Code = new("device code", OAuthErrors.InvalidGrant("the device_code is unknown, used, or was issued to another client"));

    public string GrantType => GrantTypes.DeviceCode;

    public async Task<Result<GrantedAccess>> RedeemAsync(FormParameters request, AuthenticatedClient authenticated, CancellationToken ct)
    {
        var client = authenticated.Client;
        if (request["device_code"] is not { } text) return OAuthErrors.InvalidRequest("device_code is required");
        if (!Handle.TryRead(text, out var handle)) return Refused("not a device code");

        var (hash, now) = (handle.Hash(), clock.GetUtcNow());
        if (await devices.PollAsync(hash, client.ClientId, now, ct) is not { } polled) return Refused("unknown, or another client's");
        if (polled.RedeemedAt is null)
        {
            if (polled.ExpiresAt <= now) return OAuthErrors.ExpiredToken();
            if (polled.DeniedAt is not null) return OAuthErrors.AccessDenied("the person refused");
            if (polled.GrantId is null) return polled.TooEarly ? OAuthErrors.SlowDown() : OAuthErrors.AuthorizationPending();
        }

        if (await store.FindGrantAsync(polled.GrantId!, "", ct, directory.BeyondScopes(client)) is not { } standing) return Refused("the grant is gone");
        return polled.RedeemedAt is null
            ? await opening.OpenAsync(client, standing, request, polled.Nonce, Code, () => devices.TryRedeemAsync(hash, now, ct), ct)
            : await opening.UsedTwiceAsync(standing.Grant, Code, ct);
    }

    private static OAuthError Refused(string reason) => Code.Refused.Because(reason);
}
