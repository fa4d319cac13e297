using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;
using Microsoft.Extensions.Logging;

namespace AuthServer.Engine.Upstream;

/// <summary>Turns a provider's code into who the person is (OpenID Connect Core §3.1.3). The provider's tokens are used here and not kept.</summary>
public sealed partial class UpstreamExchange(IOutboundDocuments documents, UpstreamDiscovery discovery, TimeProvider clock, ILogger<UpstreamExchange> logger)
{
    private const int LongestSubject = 255;

    /// <summary>Null for every answer that is not exactly what it has to be; the log says what was wrong, without what was sent.</summary>
    public async Task<UpstreamIdentity?> RedeemAsync(UpstreamProvider provider, UpstreamMetadata metadata, string code, string redirectUri, string verifier, string nonce, CancellationToken ct)
    {
        if (await TokensAsync(provider, metadata, code, redirectUri, verifier, ct) is not { } tokens) return Refuse(provider, "the code was not taken");
        if (!StrictJson.TryGetString(tokens, "access_token", out var accessToken)) return Refuse(provider, "no access token");
        if (provider.Kind == UpstreamKind.GitHub) return await GitHubAsync(provider, metadata, accessToken, ct);
        if (!StrictJson.TryGetString(tokens, "id_token", out var idToken)) return Refuse(provider, "no ID token");

        var (claims, fault) = await VerifyAsync(provider, metadata, idToken, nonce, ct);
        if (claims is null) return Refuse(provider, "ID token: " + fault);

        var collected = new JsonObject();
        UpstreamIdentity.Add(collected, claims.Json, provider.ClaimMapping);
        if (metadata.UserInfoEndpoint is { } userInfo && await documents.GetAsync(userInfo, [("Authorization", "Bearer " + accessToken), ("Accept", "application/json")], ct) is { } body)
        {
            // OpenID Connect Core §5.3.2: an answer about somebody else is no answer.
            if (!StrictJson.TryParseObject(body, out var answer) || !StrictJson.TryGetString(answer, "sub", out var subject) || subject != claims.Subject) return Refuse(provider, "userinfo speaks of somebody else");
            UpstreamIdentity.Add(collected, answer, provider.ClaimMapping);
        }

        var multiFactor = claims.Json.TryGetProperty("amr", out var amr) && amr.ValueKind == JsonValueKind.Array && amr.EnumerateArray().Any(static m => m.ValueKind == JsonValueKind.String && m.ValueEquals("mfa"));
        return new UpstreamIdentity(claims.Subject!, collected, multiFactor) { AuthTime = AuthTimeOf(claims) };
    }

    private async Task<JsonElement?> TokensAsync(UpstreamProvider provider, UpstreamMetadata metadata, string code, string redirectUri, string verifier, CancellationToken ct)
    {
        List<(string, string)> form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri), ("code_verifier", verifier)];
        List<(string, string)> headers = [("Accept", "application/json")];
        if (provider.ClientSecret is { } secret && !metadata.SecretInBody)
        {
            // RFC 6749 §2.3.1: each part form-encoded before they are joined.
            headers.Add(("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.EscapeDataString(provider.ClientId) + ":" + Uri.EscapeDataString(secret)))));
        }
        else
        {
            form.Add(("client_id", provider.ClientId));
            if (provider.ClientSecret is { } posted) form.Add(("client_secret", posted));
        }

        return await documents.PostAsync(metadata.TokenEndpoint, form, headers, ct) is { } body && StrictJson.TryParseObject(body, out var tokens) ? tokens : null;
    }

    /// <summary>OpenID Connect Core §3.1.3.7.</summary>
    private async Task<(JwtClaims? Claims, string Fault)> VerifyAsync(UpstreamProvider provider, UpstreamMetadata metadata, string idToken, string nonce, CancellationToken ct)
    {
        if (!Jwt.Read(idToken).TryGet(out var read, out var fault)) return (null, fault.ToString());
        var keys = await discovery.KeysAsync(metadata, read.Jws.Kid, ct);
        if (!Jwt.TryVerify(read, keys, metadata.SigningAlgorithms, JwtType.IdToken, out var verified, out fault)) return (null, fault.ToString());

        var claims = verified.Claims;
        if (IssuerOf(metadata, claims) is not { } issuer) return (null, "tid");
        fault = new JwtExpectations
        {
            Now = clock.GetUtcNow(), Issuer = issuer, Audiences = [provider.ClientId], RequireIssuedAt = true, RequireSubject = true, ClockSkew = TimeSpan.FromMinutes(2),
        }.Check(verified);
        if (fault != JwtFault.None) return (null, fault.ToString());
        if (claims.Subject!.Length > LongestSubject) return (null, "sub is too long");
        if (!claims.TryGetString("nonce", out var said) || !string.Equals(said, nonce, StringComparison.Ordinal)) return (null, "nonce");
        if (!claims.TryGetOptionalString("azp", out var party) || (party is null ? claims.Audience.Count > 1 : party != provider.ClientId)) return (null, "azp");
        return (claims, "");
    }

    /// <summary>Null where Microsoft's pattern is to be filled and the token names no directory.</summary>
    private static string? IssuerOf(UpstreamMetadata metadata, JwtClaims claims)
    {
        if (!metadata.Issuer.Contains(UpstreamMetadata.Directory, StringComparison.Ordinal)) return metadata.Issuer;
        return claims.TryGetString("tid", out var directory) && Guid.TryParseExact(directory, "D", out _) ? metadata.Issuer.Replace(UpstreamMetadata.Directory, directory, StringComparison.Ordinal) : null;
    }

    private static DateTimeOffset? AuthTimeOf(JwtClaims claims) =>
        claims.Json.TryGetProperty("auth_time", out var time) && time.ValueKind == JsonValueKind.Number && time.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>GitHub's API in place of an ID token: the access token came straight from its token endpoint, for our code.</summary>
    private async Task<UpstreamIdentity?> GitHubAsync(UpstreamProvider provider, UpstreamMetadata metadata, string accessToken, CancellationToken ct)
    {
        List<(string, string)> headers = [("Authorization", "Bearer " + accessToken), ("Accept", "application/vnd.github+json"), ("User-Agent", "AuthServer")];
        if (await documents.GetAsync(metadata.UserInfoEndpoint!, headers, ct) is not { } body || !StrictJson.TryParseObject(body, out var person)
            || !person.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out var number)) return Refuse(provider, "no account");

        var claims = new JsonObject();
        foreach (var (theirs, ours) in new[] { ("login", "preferred_username"), ("name", "name"), ("avatar_url", "picture"), ("html_url", "profile"), ("blog", "website") })
            if (StrictJson.TryGetString(person, theirs, out var text)) claims[ours] = text;
        if (await documents.GetAsync(new Uri(metadata.UserInfoEndpoint + "/emails"), headers, ct) is { } list && PrimaryAddress(list) is { } address)
            (claims["email"], claims["email_verified"]) = (address, true);
        return new UpstreamIdentity(number.ToString(CultureInfo.InvariantCulture), claims, MultiFactor: false);
    }

    private static string? PrimaryAddress(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.EnumerateArray()
                .Where(static e => e.GetProperty("primary").GetBoolean() && e.GetProperty("verified").GetBoolean()).Select(static e => e.GetProperty("email").GetString()).FirstOrDefault();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private UpstreamIdentity? Refuse(UpstreamProvider provider, string reason)
    {
        Refused(logger, provider.Name, reason);
        return null;
    }

    [LoggerMessage(8301, LogLevel.Warning, "Sign-in by {Provider} was refused: {Reason}")]
    private static partial void Refused(ILogger logger, string provider, string reason);
}
