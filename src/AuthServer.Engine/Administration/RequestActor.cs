using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.RateLimits;
using AuthServer.Engine.Tokens;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Engine.Administration;

/// <summary>Who sent a request to an API of this server, and whether they may.</summary>
public abstract record ActorAnswer
{
    private ActorAnswer() { }

    public sealed record Granted(Actor Actor) : ActorAnswer;

    /// <param name="Status">400, 401, 403 or 429.</param>
    /// <param name="Challenge">For <c>WWW-Authenticate</c> (RFC 6750 §3); null where another credential would not help.</param>
    /// <param name="Code">The word of RFC 6750 §3.1, or <c>unauthorized</c> where nothing was presented.</param>
    public sealed record Refused(int Status, string? Challenge, string Code, string Description) : ActorAnswer;
}

/// <summary>Reads the credential of a request to an API of this server. Whoever shows a page's session cookie only is nobody here, so that no other site can make a browser administer.</summary>
public sealed class RequestActor(AccessTokenVerifier verifier, ApiKeyVerifier keys, Actors actors, TrafficLimits limits, Issuer issuer)
{
    private const string Scheme = "Bearer ";

    public async Task<ActorAnswer> OfAsync(HttpContext http, string right, CancellationToken ct)
    {
        string? header = http.Request.Headers.Authorization;
        var key = ApiKeyHeader.Read(http, out var twice);
        if (twice) return new ActorAnswer.Refused(StatusCodes.Status400BadRequest, null, "bad-request", $"Send one credential: Authorization or {ApiKeyHeader.Name}.");
        if (key is null && (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)))
            return new ActorAnswer.Refused(StatusCodes.Status401Unauthorized, "Bearer", "unauthorized", "An access token or an API key is needed: Authorization: Bearer …");

        var found = key is null ? await OfTokenAsync(http, header![Scheme.Length..].Trim(), ct) : await OfKeyAsync(http, key, ct);
        if (!found.TryGet(out var access, out var error)) return error.Status == StatusCodes.Status429TooManyRequests ? TooMany(error) : Invalid(error);

        var actor = await actors.OfTokenAsync(access, http.Connection.RemoteIpAddress?.ToString(), ct);
        return actor.May(right) ? new ActorAnswer.Granted(actor) : Insufficient(right);
    }

    private async Task<Result<VerifiedAccessToken>> OfTokenAsync(HttpContext http, string token, CancellationToken ct)
    {
        if (token.Length == 0 || token.Length > ParameterLimits.Of("access_token") || !(await verifier.VerifyAsync(token, ct)).TryGet(out var access, out _) || !access.IsFor(issuer.Identifier)) return OAuthErrors.InvalidToken();
        return limits.TryPassAdministration(http, new Caller(ClientId: access.Client.ClientId, UserId: access.Standing?.User?.Id)) ? access : OAuthErrors.TooManyRequests();
    }

    private async Task<Result<VerifiedAccessToken>> OfKeyAsync(HttpContext http, string key, CancellationToken ct) =>
        (await keys.PresentedAsync(http, key, ct)).TryGet(out var verified, out var error) ? verified.Access : error;

    private static ActorAnswer.Refused Invalid(OAuthError error) =>
        new(error.Status, $"Bearer error=\"{error.Code}\", error_description=\"{error.Description}\"", error.Code, error.Description!);

    private static ActorAnswer.Refused TooMany(OAuthError error) => new(error.Status, null, error.Code, "This credential has used up its requests. Come back when Retry-After says.");

    /// <summary>One answer whether the scope or the right behind it is missing: both are needed.</summary>
    private static ActorAnswer.Refused Insufficient(string right)
    {
        var description = $"the scope {right}, and the right of that name, are needed";
        return new ActorAnswer.Refused(StatusCodes.Status403Forbidden, $"Bearer error=\"insufficient_scope\", error_description=\"{description}\", scope=\"{right}\"", "insufficient_scope", description);
    }
}
