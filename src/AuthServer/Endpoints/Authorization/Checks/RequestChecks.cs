using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints.Authorization.Checks;

/// <summary>Rules on the shape of the request and of its answer.</summary>
public sealed class RequestChecks
{
    /// <summary>Said openly rather than ignored: parameters inside an object that is not read would silently be lost (OpenID Connect Core §6.1).</summary>
    public OAuthError? RequestObjectsAreNotSupported(AuthorizationRequest request)
    {
        if (request.Parameters.Has("request")) return OAuthErrors.RequestNotSupported();
        return request.Parameters.Has("request_uri") ? OAuthErrors.RequestUriNotSupported() : null;
    }

    public OAuthError? ResponseTypeIsRegistered(AuthorizationRequest request)
    {
        if (request.Parameters["response_type"] is not { } text) return OAuthErrors.InvalidRequest("response_type is required");
        if (ResponseTypes.Canonical(text) is not { } known) return OAuthErrors.UnsupportedResponseType("this response_type is not supported");
        if (!request.Client.ResponseTypes.Contains(known, StringComparer.Ordinal)) return OAuthErrors.UnauthorizedClient("response_type is not registered for this client");

        var words = known.Split(' ');
        if (words.Contains("code") && !request.Client.Allows(GrantTypes.AuthorizationCode)) return OAuthErrors.UnauthorizedClient("authorization_code is not registered for this client");
        if ((words.Contains("token") || words.Contains("id_token")) && !request.Client.Allows(GrantTypes.Implicit)) return OAuthErrors.UnauthorizedClient("implicit is not registered for this client");

        request.ResponseType = known;
        return null;
    }

    /// <summary>Tokens never go into a query, where servers log them (OAuth 2.0 Multiple Response Types §5).</summary>
    public OAuthError? ResponseModeFits(AuthorizationRequest request) => request.Parameters["response_mode"] switch
    {
        null or ResponseModeNames.Fragment or ResponseModeNames.FormPost => null,
        ResponseModeNames.Query => request.ResponseType == "code" ? null : OAuthErrors.InvalidRequest("response_mode query is not allowed for this response_type"),
        _ => OAuthErrors.InvalidRequest("response_mode is not supported"),
    };

    /// <summary>S256 for every client that is not exempt, confidential ones too (RFC 9700 §2.1.1).</summary>
    public OAuthError? CodeChallengeIsThere(AuthorizationRequest request)
    {
        var challenge = request.Parameters["code_challenge"];
        var method = request.Parameters["code_challenge_method"];
        if (!request.Wants("code"))
            return null;

        if (challenge is null)
        {
            if (method is not null) return OAuthErrors.InvalidRequest("code_challenge_method without code_challenge");
            return request.Client.RequirePkce ? OAuthErrors.InvalidRequest("code_challenge is required") : null;
        }

        // An absent method means plain (RFC 7636 4.3), which is not supported.
        if (method != CodeChallenge.S256) return OAuthErrors.InvalidRequest("code_challenge_method must be S256");
        if (!CodeChallenge.IsWellFormed(challenge)) return OAuthErrors.InvalidRequest("code_challenge is not an S256 challenge");
        request.CodeChallenge = challenge;
        return null;
    }

    /// <summary>Only where an ID token comes through the browser: it is what ties it to this request. Not for <c>code</c> and <c>code token</c>.</summary>
    public OAuthError? NonceIsThere(AuthorizationRequest request) =>
        request.Wants("id_token") && request.Nonce is null ? OAuthErrors.InvalidRequest("nonce is required for this response_type") : null;
}
