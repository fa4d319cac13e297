using Microsoft.AspNetCore.Http;

namespace AuthServer.Engine.Protocol;

/// <summary>An error of RFC 6749 §5.2 and its relatives: what the client is told, and what only the log is told.</summary>
/// <param name="Code">The registered error code, e.g. <c>invalid_grant</c>.</param>
/// <param name="Description">For the developer of the client. ASCII without quotes and backslashes (RFC 6749 §5.2).</param>
/// <param name="Status">HTTP status where the error is answered directly; ignored where it is sent to a redirect URI.</param>
public sealed record OAuthError(string Code, string? Description = null, int Status = StatusCodes.Status400BadRequest)
{
    /// <summary>The real reason, for the log and the audit trail only. Never a token, code or secret.</summary>
    public string? Detail { get; init; }

    /// <summary>Value of <c>WWW-Authenticate</c>, where the specification asks for one.</summary>
    public string? Challenge { get; init; }

    /// <summary>Seconds, for <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>What the page for the person in front of the browser says, where the answer is a page.</summary>
    public PageReason Reason { get; init; }

    /// <summary>Nothing is decided yet and the client asks again as it should: no refusal, and nothing for the audit trail.</summary>
    public bool IsWaiting { get; init; }

    public OAuthError Because(string detail) => this with { Detail = detail };
}

/// <summary>What an error means to a person who wanted to sign in or out.</summary>
public enum PageReason
{
    /// <summary>The app asked for something that cannot be answered.</summary>
    BadRequest,
    UnknownClient,
    RedirectUri,
    Expired,
    SignOut,
}

/// <summary>The errors this server answers, each with the section that names it.</summary>
public static class OAuthErrors
{
    // RFC 6749 §4.1.2.1 and §5.2
    public static OAuthError InvalidRequest(string description) => new("invalid_request", description);
    public static OAuthError InvalidClient(string? description = null) => new("invalid_client", description ?? "client authentication failed", StatusCodes.Status401Unauthorized);
    public static OAuthError InvalidGrant(string description) => new("invalid_grant", description);
    public static OAuthError UnauthorizedClient(string description) => new("unauthorized_client", description);
    public static OAuthError UnsupportedGrantType() => new("unsupported_grant_type", "this grant_type is not supported");
    public static OAuthError UnsupportedResponseType(string description) => new("unsupported_response_type", description);
    public static OAuthError InvalidScope(string description) => new("invalid_scope", description);
    public static OAuthError AccessDenied(string description) => new("access_denied", description);
    public static OAuthError ServerError() => new("server_error", "the server could not complete the request", StatusCodes.Status500InternalServerError);
    public static OAuthError TemporarilyUnavailable(int retryAfter) =>
        new("temporarily_unavailable", "the server is busy, try again", StatusCodes.Status503ServiceUnavailable) { RetryAfter = retryAfter };

    // RFC 8628 §3.5
    public static OAuthError AuthorizationPending() => new("authorization_pending", "the person has not decided yet") { IsWaiting = true };
    public static OAuthError SlowDown() => new("slow_down", "too early: wait five seconds longer between two requests from now on") { IsWaiting = true };
    public static OAuthError ExpiredToken() => new("expired_token", "the device_code is expired, start again");

    // RFC 8707 §2
    public static OAuthError InvalidTarget(string description) => new("invalid_target", description);

    // OpenID Connect Core §3.1.2.6
    public static OAuthError LoginRequired() => new("login_required", "the user is not signed in");
    public static OAuthError ConsentRequired() => new("consent_required", "the user has not consented");
    public static OAuthError InteractionRequired() => new("interaction_required", "the user has to do something first");
    public static OAuthError AccountSelectionRequired() => new("account_selection_required", "the user has to choose an account");
    public static OAuthError RequestNotSupported() => new("request_not_supported", "the request parameter is not supported");
    public static OAuthError RequestUriNotSupported() => new("request_uri_not_supported", "the request_uri parameter is not supported");
    public static OAuthError InvalidRequestUri() => new("invalid_request_uri", "this request_uri is unknown, used, expired or of another client") { Reason = PageReason.Expired };

    // OpenID Connect: Unmet authentication requirements 1.0
    public static OAuthError UnmetAuthenticationRequirements() => new("unmet_authentication_requirements", "the requested authentication context cannot be met");

    // RFC 6750 §3.1
    public static OAuthError InvalidToken() => new("invalid_token", "the access token is unknown, expired or revoked", StatusCodes.Status401Unauthorized);
    public static OAuthError InsufficientScope(string scope) => new("insufficient_scope", $"the scope {scope} is needed", StatusCodes.Status403Forbidden);

    // RFC 6585 §4; no specification of OAuth has a word for it.
    public static OAuthError TooManyRequests() => new("too_many_requests", "the limit is reached, try again when the headers say", StatusCodes.Status429TooManyRequests);

    // RFC 7009 §2.2.1
    public static OAuthError UnsupportedTokenType() => new("unsupported_token_type", "tokens of this kind cannot be revoked");
}
