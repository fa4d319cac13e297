using AuthServer.Endpoints.Authorization.Checks;
using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints.Authorization;

/// <summary>
/// Every rule of an authorization request whose breach is told to the client, in the order they are asked. Client and redirect URI are not among
/// them: who breaks those is told nothing but by an error page. A pushed request (RFC 9126) is held to the same table.
/// </summary>
public sealed class AuthorizationChecks(RequestChecks request, ScopeChecks scope, IdentityChecks identity)
{
    private delegate OAuthError? Check(AuthorizationRequest request);

    private readonly (string Rule, Check Run)[] _table =
    [
        ("OIDC Core §6       request, request_uri",  request.RequestObjectsAreNotSupported),
        ("RFC 6749 §3.1.1    response_type",         request.ResponseTypeIsRegistered),
        ("RFC 9700 §2.1.2    response_mode",         request.ResponseModeFits),
        ("RFC 6749 §3.3      scope",                 scope.ScopeIsAllowed),
        ("OIDC Core §3.2.2.1 scope has openid",      scope.IdTokenNeedsOpenId),
        ("OIDC Core §11      offline_access",        scope.OfflineAccessNeedsRefreshTokens),
        ("RFC 8707 §2        resource",              scope.ResourcesAreAllowed),
        ("RFC 7636 §4.4.1    code_challenge",        request.CodeChallengeIsThere),
        ("OIDC Core §3.2.2.1 nonce",                 request.NonceIsThere),
        ("OIDC Core §3.1.2.1 prompt",                identity.PromptIsConsistent),
        ("OIDC Core §3.1.2.1 max_age",               identity.MaxAgeIsANumber),
        ("OIDC Core §5.5     claims",                identity.ClaimsAreReadable),
        ("OIDC Core §3.1.2.1 id_token_hint",         identity.HintIsOurs),
    ];

    /// <summary>Null: every rule holds, and <paramref name="request"/> is filled.</summary>
    public OAuthError? FirstBreach(AuthorizationRequest request)
    {
        foreach (var (_, run) in _table)
        {
            if (run(request) is { } error) return error;
        }

        return null;
    }
}
