using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Tokens;

/// <summary>The one place where tokens are made. What is granted was decided before; nothing is decided here.</summary>
public sealed class TokenIssuer(AccessToken accessTokens, IdToken idTokens, IdTokenEncryption encryption, ITokenStore store, IOptions<TokenOptions> options, TimeProvider clock)
{
    public async ValueTask<IssuedTokens> IssueAsync(GrantedAccess access, CancellationToken ct)
    {
        var lifetime = LifetimeOf(access);
        var accessToken = access.WithAccessToken ? await AccessTokenAsync(access, lifetime, ct) : null;
        var idToken = access.WithIdToken ? idTokens.Sign(access, accessToken) : null;
        if (idToken is not null && access.Client.IdTokenEncryptedResponseAlg is not null) idToken = await encryption.EncryptAsync(access.Client, idToken, ct);
        return new IssuedTokens(accessToken, (int)lifetime.TotalSeconds, idToken, access.RefreshToken, access.Scopes);
    }

    public DateTimeOffset AccessTokenEnd(Client client) => clock.GetUtcNow() + LifetimeOf(client);

    private async ValueTask<string> AccessTokenAsync(GrantedAccess access, TimeSpan lifetime, CancellationToken ct)
    {
        if (string.Equals(access.Client.AccessTokenFormat, AccessTokenFormats.Jwt, StringComparison.Ordinal)) return accessTokens.Sign(access, lifetime);

        var handle = Handle.New();
        await store.AddReferenceTokenAsync(new ReferenceToken
        {
            Hash = handle.Hash(),
            ClientId = access.Client.ClientId,
            GrantId = access.Grant?.Id,
            Claims = accessTokens.Describe(access, lifetime),
            ExpiresAt = clock.GetUtcNow() + lifetime,
        }, ct);
        return handle.Reveal();
    }

    private TimeSpan LifetimeOf(Client client) => TimeSpan.FromSeconds(client.AccessTokenLifetime ?? options.Value.AccessTokenLifetime);

    /// <summary>No access token outlives its grant.</summary>
    private TimeSpan LifetimeOf(GrantedAccess access)
    {
        var lifetime = LifetimeOf(access.Client);
        if (access.Grant is not { } grant) return lifetime;
        var left = grant.ExpiresAt - clock.GetUtcNow();
        return left < lifetime ? TimeSpan.FromSeconds(Math.Max(0, Math.Floor(left.TotalSeconds))) : lifetime;
    }
}
