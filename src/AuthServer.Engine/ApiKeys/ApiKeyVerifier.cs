using System.Net;
using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.RateLimits;
using AuthServer.Engine.Tokens;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Engine.ApiKeys;

/// <summary>A key that is good at this moment.</summary>
/// <param name="Access">What it opens, in the form of an access token: everything that takes such a token takes the key as well.</param>
public sealed record VerifiedApiKey(ApiKey Key, VerifiedAccessToken Access);

/// <summary>Every endpoint that takes an API key asks here, so that there is one answer to "is it good": form, expiry, revocation, owner, address, limit. One database command; none for what is mistyped.</summary>
public sealed class ApiKeyVerifier(IApiKeyStore store, ApiKeyUses uses, ApiKeyScopes scopes, TrafficLimits limits, ClientRegistry clients, ResourceIndicators resources, Issuer issuer, TimeProvider clock)
{
    /// <summary>For the request whose credential the key is. Counts the request; the answer gets the headers of its limit.</summary>
    /// <returns>Or <c>invalid_token</c>, or <c>too_many_requests</c>; the detail says why, for the log.</returns>
    public async Task<Result<VerifiedApiKey>> PresentedAsync(HttpContext http, string text, CancellationToken ct)
    {
        var address = http.Connection.RemoteIpAddress;
        if (!(await FindAsync(text, address, ct)).TryGet(out var verified, out var error)) return error;
        var key = verified.Key;
        if (!AddressRange.Allows(key.AllowedAddresses, address)) return Refused(key, address, "used from an address that it is not for");
        if (!limits.TryPass(http, new Caller(key.Id, key.RatePerHour))) return OAuthErrors.TooManyRequests();
        uses.Note(key, address);
        return verified;
    }

    /// <summary>For somebody who asks about a key that was presented elsewhere (RFC 7662): neither address nor limit can be judged from here.</summary>
    public async Task<Result<VerifiedApiKey>> FindAsync(string text, CancellationToken ct)
    {
        var found = await FindAsync(text, null, ct);
        if (found.TryGet(out var verified, out _)) uses.Note(verified.Key, null);
        return found;
    }

    private async Task<Result<VerifiedApiKey>> FindAsync(string text, IPAddress? address, CancellationToken ct)
    {
        if (!ApiKeyText.TryRead(text, out var read)) return OAuthErrors.InvalidToken().Because("not in the form of an API key");
        if (await store.FindAsync(read.Hash(), ct) is not { } found) return OAuthErrors.InvalidToken().Because("API key unknown");
        var key = found.Key;
        if (key.RevokedAt is not null) return Refused(key, address, "revoked");
        if (key.ExpiresAt <= clock.GetUtcNow()) return Refused(key, address, "expired");
        if (found.Standing is not { } standing) return Refused(key, address, "grant unknown");
        if (standing.Fault(clock.GetUtcNow()) is { } fault) return Refused(key, address, fault);
        if (ClientOf(key) is not { } client) return Refused(key, address, "client unknown or disabled");

        var may = ScopeSet.From(key.Scopes.Where(s => scopes.IsOpenTo(key.Owner, s)));
        return new VerifiedApiKey(key, new VerifiedAccessToken
        {
            Client = client,
            Claims = Claims(key, standing.Grant, client, may),
            TokenId = key.Id,
            ExpiresAt = key.ExpiresAt,
            Scopes = may,
            Standing = standing,
        });
    }

    private Client? ClientOf(ApiKey key) => key.Owner.ClientId is { } id ? clients.Find(id) : OwnClients.ApiKeys;

    private JsonElement Claims(ApiKey key, Grant grant, Client client, ScopeSet may)
    {
        var audience = resources.AudienceOf(may, []);
        return JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["iss"] = issuer.Identifier,
            ["sub"] = key.Owner.UserId ?? grant.Details.Subject ?? client.ClientId,
            ["aud"] = audience is [var only] ? only : audience,
            ["client_id"] = client.ClientId,
            ["iat"] = key.CreatedAt.ToUnixTimeSeconds(),
            ["exp"] = key.ExpiresAt.ToUnixTimeSeconds(),
            ["jti"] = key.Id,
        });
    }

    private OAuthError Refused(ApiKey key, IPAddress? address, string reason)
    {
        uses.NoteRefusal(key, address, reason);
        return OAuthErrors.InvalidToken().Because(reason);
    }
}
