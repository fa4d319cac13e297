using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Tokens;

/// <summary>An access token that is good at this moment.</summary>
public sealed record VerifiedAccessToken
{
    public required Client Client { get; init; }

    /// <summary>All claims, as signed or stored.</summary>
    public required JsonElement Claims { get; init; }
    public required string TokenId { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What the token may still do: scopes taken from the client since then are gone.</summary>
    public required ScopeSet Scopes { get; init; }

    /// <summary>Null for a client's own token.</summary>
    public StandingGrant? Standing { get; init; }

    /// <summary>SHA-256 of the handle; null for a JWT.</summary>
    public byte[]? ReferenceHash { get; init; }

    /// <summary>RFC 9068 §4: a token is good only where its audience says so.</summary>
    public bool IsFor(string audience)
    {
        var aud = Claims.GetProperty("aud");
        return aud.ValueKind == JsonValueKind.Array ? aud.EnumerateArray().Any(a => a.ValueEquals(audience)) : aud.ValueEquals(audience);
    }
}

/// <summary>
/// Every endpoint of ours that takes an access token asks here, so that there is one answer to "is it good": signature, times, client, grant, user, session,
/// revocation. One database command.
/// </summary>
public sealed class AccessTokenVerifier(KeyRing keys, ClientRegistry clients, ITokenStore store, DirectoryRelease directory, Issuer issuer, TimeProvider clock)
{
    /// <summary>How far ahead another node's clock may be when it writes <c>iat</c>. An expired token gets no such grace, see <see cref="Judge"/>.</summary>
    private static readonly TimeSpan NodeSkew = TimeSpan.FromSeconds(5);

    /// <summary>An error's detail says why, for the log; callers answer <c>invalid_token</c> or <c>active:false</c>.</summary>
    public async Task<Result<VerifiedAccessToken>> VerifyAsync(string token, CancellationToken ct)
    {
        if (Handle.TryRead(token, out var handle)) return await VerifyReferenceAsync(handle, ct);
        if (!Jwt.TryVerify(token, keys.PublicKeys, SignatureAlgorithm.Asymmetric, JwtType.AccessToken, Expectations(), out var verified, out var fault))
            return OAuthErrors.InvalidToken().Because(fault.ToString());

        var claims = verified.Claims;
        StandingGrant? standing = null;
        if (claims.TryGetString(AccessToken.GrantIdClaim, out var grantId))
        {
            standing = await store.FindGrantAsync(grantId, claims.Id!, ct, directory.BeyondScopes(claims.TryGetString("client_id", out var clientId) ? clients.Find(clientId) : null));
            if (standing is null) return OAuthErrors.InvalidToken().Because("grant unknown");
        }
        else if (await store.IsAccessTokenRevokedAsync(claims.Id!, ct))
        {
            return OAuthErrors.InvalidToken().Because("access token revoked");
        }

        return Judge(claims.Json, claims.Id!, claims.ExpiresAt!.Value, standing, null);
    }

    private JwtExpectations Expectations() => new() { Now = clock.GetUtcNow(), Issuer = issuer.Identifier, RequireId = true, RequireSubject = true, ClockSkew = NodeSkew };

    private async Task<Result<VerifiedAccessToken>> VerifyReferenceAsync(Handle handle, CancellationToken ct)
    {
        var hash = handle.Hash();
        if (await store.FindReferenceTokenAsync(hash, ct, directory.BeyondScopes(null)) is not { } found) return OAuthErrors.InvalidToken().Because("unknown");
        if (found.Token.RevokedAt is not null) return OAuthErrors.InvalidToken().Because("access token revoked");
        if (found.Token.GrantId is not null && found.Grant is null) return OAuthErrors.InvalidToken().Because("grant unknown");

        using var claims = JsonDocument.Parse(found.Token.Claims);
        return Judge(claims.RootElement.Clone(), claims.RootElement.GetProperty("jti").GetString()!, found.Token.ExpiresAt, found.Grant, hash);
    }

    private Result<VerifiedAccessToken> Judge(JsonElement claims, string tokenId, DateTimeOffset expiresAt, StandingGrant? standing, byte[]? referenceHash)
    {
        if (expiresAt <= clock.GetUtcNow()) return OAuthErrors.InvalidToken().Because("expired");

        var clientId = claims.TryGetProperty("client_id", out var member) ? member.GetString() : null;
        if (clients.Find(clientId) is not { } client) return OAuthErrors.InvalidToken().Because("client unknown or disabled");
        if (standing?.Fault(clock.GetUtcNow()) is { } fault) return OAuthErrors.InvalidToken().Because(fault);

        var scopes = ScopeSet.Parse(claims.TryGetProperty("scope", out var scope) ? scope.GetString() : null);
        return new VerifiedAccessToken
        {
            Client = client,
            Claims = claims,
            TokenId = tokenId,
            ExpiresAt = expiresAt,
            Scopes = ScopeSet.From(scopes.Where(s => clients.Scopes.Allows(client, s))),
            Standing = standing,
            ReferenceHash = referenceHash,
        };
    }
}
