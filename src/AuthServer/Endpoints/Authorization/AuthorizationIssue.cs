using AuthServer.Engine.Audit;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;
using Microsoft.Extensions.Options;

namespace AuthServer.Endpoints.Authorization;

/// <summary>Turns a request that needs nothing more into its answer: first the request is used up, then the grant is written, then tokens are made.</summary>
public sealed class AuthorizationIssue(
    IPendingAuthorizationStore pendings, PushedRequests pushedRequests, ITokenStore store, TokenIssuer tokens, DirectoryRelease directory, IOptions<TokenOptions> options, IAuditTrail audit, TimeProvider clock)
{
    public async Task<Result<AuthorizationAnswer>> IssueAsync(AuthorizationRequest request, VerifiedRedirect redirect, PendingAuthorization pending, Session session, CancellationToken ct)
    {
        // Two tabs or a double click: one of them gets the answer, the other this page.
        if (pending.Hash.Length > 0 && !await pendings.TryFinishAsync(pending.Hash, ct)) return OAuthErrors.InvalidRequest("this sign-in request is already finished");
        if (!await pushedRequests.TryFinishAsync(pending, ct)) return OAuthErrors.InvalidRequestUri();

        var now = clock.GetUtcNow();
        var code = request.Wants("code") ? Handle.New() : (Handle?)null;
        var codeEnd = now.AddSeconds(options.Value.AuthorizationCodeLifetime);
        var grant = new Grant
        {
            Id = Grant.NewId(),
            ClientId = request.Client.ClientId,
            UserId = session.UserId,
            SessionId = session.Id,
            BoundToSession = !request.Scopes.Contains(StandardScopes.OfflineAccess),
            Scopes = request.Scopes,
            CreatedAt = now,
            // Until the code is redeemed the grant lives as long as what this answer carries.
            ExpiresAt = request.Wants("token") && tokens.AccessTokenEnd(request.Client) > codeEnd ? tokens.AccessTokenEnd(request.Client) : codeEnd,
            Details = new GrantDetails
            {
                Resources = request.Resources,
                AuthTime = session.AuthTime.ToUnixTimeSeconds(),
                Acr = request.Acr.Answer(session.Acr),
                Amr = session.Amr,
                IdTokenClaims = request.Claims.IdToken,
                UserInfoClaims = request.Claims.UserInfo,
            },
        };
        await store.AddGrantAsync(grant, code is null ? null : new AuthorizationCode
        {
            Hash = code.Value.Hash(),
            GrantId = grant.Id,
            ClientId = grant.ClientId,
            RedirectUri = request.Parameters.Has("redirect_uri") ? redirect.Uri : null,
            CodeChallenge = request.CodeChallenge,
            Nonce = request.Nonce,
            ExpiresAt = codeEnd,
        }, ct);
        audit.Record(new AuditEvent(AuditKind.GrantIssued, grant.ClientId, grant.UserId, grant.SessionId, Detail: request.ResponseType));

        var answer = new AuthorizationAnswer().Add("code", code?.Reveal());
        if (request.ResponseType != "code") await AddTokensAsync(answer, request, grant, code, ct);
        return answer;
    }

    /// <summary>The request was refused: nobody may go on with it.</summary>
    public async Task FinishAsync(PendingAuthorization pending, CancellationToken ct)
    {
        if (await pendings.TryFinishAsync(pending.Hash, ct)) await pushedRequests.TryFinishAsync(pending, ct);
    }

    /// <summary>Implicit and hybrid answers (OpenID Connect Core §3.2.2.5, §3.3.2.5).</summary>
    private async Task AddTokensAsync(AuthorizationAnswer answer, AuthorizationRequest request, Grant grant, Handle? code, CancellationToken ct)
    {
        var onlyIdToken = request.ResponseType == "id_token";
        var needsClaims = request.Wants("id_token") && (onlyIdToken || grant.Details.IdTokenClaims.Count > 0) || directory.IsWanted(request.Client, request.Scopes);
        var issued = await tokens.IssueAsync(new GrantedAccess
        {
            Client = request.Client,
            Scopes = request.Scopes.Without(StandardScopes.OfflineAccess),
            Resources = request.Resources,
            Grant = grant,
            User = needsClaims ? (await store.FindGrantAsync(grant.Id, "", ct, directory.BeyondScopes(request.Client)))?.User : null,
            WithAccessToken = request.Wants("token"),
            WithIdToken = request.Wants("id_token"),
            Nonce = request.Nonce,
            Code = code?.Reveal(),
            ScopeClaimsInIdToken = onlyIdToken,
        }, ct);

        if (issued.AccessToken is not null)
        {
            answer.Add("access_token", issued.AccessToken).Add("token_type", "Bearer")
                .Add("expires_in", issued.ExpiresIn.ToString(System.Globalization.CultureInfo.InvariantCulture)).Add("scope", issued.Scopes.ToString());
        }

        answer.Add("id_token", issued.IdToken);
    }
}
