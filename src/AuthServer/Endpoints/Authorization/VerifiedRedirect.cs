using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints.Authorization;

/// <summary>
/// The proof that a redirect URI belongs to the client. There is no other way to hold one, so nobody can send a browser to an address
/// that was not registered (RFC 6749 §3.1.2.4, RFC 9700 §2.1).
/// </summary>
public sealed class VerifiedRedirect
{
    private VerifiedRedirect(string uri) => Uri = uri;

    public string Uri { get; }

    /// <summary>Without <paramref name="requested"/>, a client's only registered URI stands in (RFC 6749 §3.1.2.3), but not in an OpenID Connect request, where the parameter is required.</summary>
    public static Result<VerifiedRedirect> Verify(Client client, string? requested, bool openId)
    {
        if (requested is null)
        {
            return client.RedirectUris is [var only] && !openId
                ? new VerifiedRedirect(only)
                : OAuthErrors.InvalidRequest("redirect_uri is required") with { Reason = PageReason.RedirectUri };
        }

        return RedirectUri.Matches(client.RedirectUris, requested, client.IsNative)
            ? new VerifiedRedirect(requested)
            : OAuthErrors.InvalidRequest("redirect_uri is not registered for this client") with { Reason = PageReason.RedirectUri };
    }

    /// <summary>An https address is claimed by whoever owns the host; a loopback port or a private scheme by any app on the device (RFC 8252 §8.6).</summary>
    public bool IsAssured => Uri.StartsWith("https://", StringComparison.Ordinal);
}
