using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.ApiKeys;

/// <summary>A short access token for a key, so that the APIs behind it need not know of keys. It stands and falls with the key.</summary>
public sealed class ApiKeyTokens(ApiKeyVerifier keys, TokenIssuer tokens, IOptions<ApiKeyOptions> options, IAuditTrail audit)
{
    /// <param name="scope">Fewer scopes than the key has; null: all of them.</param>
    public async Task<Result<IssuedTokens>> ExchangeAsync(HttpContext http, string text, string? scope, CancellationToken ct)
    {
        if (!(await keys.PresentedAsync(http, text, ct)).TryGet(out var verified, out var error)) return error;
        var access = verified.Access;
        if (!ScopeSet.TryParse(scope, out var wanted)) return OAuthErrors.InvalidScope("scope holds a character that no scope has");
        if (!wanted.IsSubsetOf(access.Scopes)) return OAuthErrors.InvalidScope("the key does not have this scope");

        audit.Record(new AuditEvent(AuditKind.GrantIssued, access.Client.ClientId, access.Standing!.Grant.UserId, Address: http.Connection.RemoteIpAddress?.ToString(), Detail: "for an API key", Target: "api_key:" + verified.Key.Id));
        return await tokens.IssueAsync(new GrantedAccess
        {
            Client = access.Client with { AccessTokenLifetime = options.Value.TokenLifetime, AccessTokenFormat = AccessTokenFormats.Jwt },
            Scopes = scope is null ? access.Scopes : wanted,
            Grant = access.Standing.Grant,
            User = access.Standing.User,
        }, ct);
    }
}
