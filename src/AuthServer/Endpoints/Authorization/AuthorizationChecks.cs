using AuthServer.Endpoints.Authorization.Checks;
using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints.Authorization;

/// <summary>
/// Every rule of an authorization request whose breach is told to the client, in the order they are asked. Client and redirect URI are not among
/// them: who breaks those is told nothing but by an error page. A pushed request (RFC 9126) is held to the same table, a device's request (RFC 8628) to those rows that do not speak
/// of a redirect.
/// </summary>
public sealed class AuthorizationChecks(RequestChecks request, ScopeChecks scope, IdentityChecks identity)
{
    private delegate OAuthError? Check(AuthorizationRequest request);

    [Flags]
    private enum At
    {
        Browser = 1,
        Device = 2,
        Both = Browser | Device,
    }

    private readonly (At Where, string Rule, Check Run)[] _table =
    [
        (At.Both,    "OIDC Core §6       request, request_uri",  request.RequestObjectsAreNotSupported),
        (At.Browser, "RFC 6749 §3.1.1    response_type",         request.ResponseTypeIsRegistered),
        (At.Browser, "RFC 9700 §2.1.2    response_mode",         request.ResponseModeFits),
        (At.Both,    "RFC 6749 §3.3      scope",                 scope.ScopeIsAllowed),
        (At.Browser, "OIDC Core §3.2.2.1 scope has openid",      scope.IdTokenNeedsOpenId),
        (At.Both,    "OIDC Core §11      offline_access",        scope.OfflineAccessNeedsRefreshTokens),
        (At.Both,    "RFC 8707 §2        resource",              scope.ResourcesAreAllowed),
        (At.Browser, "RFC 7636 §4.4.1    code_challenge",        request.CodeChallengeIsThere),
        (At.Browser, "OIDC Core §3.2.2.1 nonce",                 request.NonceIsThere),
        (At.Both,    "OIDC Core §3.1.2.1 prompt",                identity.PromptIsConsistent),
        (At.Both,    "OIDC Core §3.1.2.1 max_age",               identity.MaxAgeIsANumber),
        (At.Both,    "OIDC Core §5.5     claims",                identity.ClaimsAreReadable),
        (At.Browser, "OIDC Core §3.1.2.1 id_token_hint",         identity.HintIsOurs),
    ];

    /// <summary>Null: every rule holds, and <paramref name="request"/> is filled.</summary>
    public OAuthError? FirstBreach(AuthorizationRequest request)
    {
        var at = request.IsOfDevice ? At.Device : At.Browser;
        foreach (var (where, _, run) in _table)
        {
            if (where.HasFlag(at) && run(request) is { } error) return error;
        }

        return null;
    }
}
