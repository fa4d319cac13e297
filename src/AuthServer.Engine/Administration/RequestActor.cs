using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Engine.Administration;

/// <summary>Who sent a request to an API of this server, and whether they may.</summary>
public abstract record ActorAnswer
{
    private ActorAnswer() { }

    public sealed record Granted(Actor Actor) : ActorAnswer;

    /// <param name="Status">401 or 403.</param>
    /// <param name="Challenge">For <c>WWW-Authenticate</c> (RFC 6750 §3).</param>
    /// <param name="Code">The word of RFC 6750 §3.1, or <c>unauthorized</c> where nothing was presented.</param>
    public sealed record Refused(int Status, string Challenge, string Code, string Description) : ActorAnswer;
}

/// <summary>Reads the credential of a request to an API of this server. Whoever shows a page's session cookie only is nobody here, so that no other site can make a browser administer.</summary>
public sealed class RequestActor(AccessTokenVerifier verifier, Actors actors, Issuer issuer)
{
    private const string Scheme = "Bearer ";

    public async Task<ActorAnswer> OfAsync(HttpContext http, string right, CancellationToken ct)
    {
        string? header = http.Request.Headers.Authorization;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return new ActorAnswer.Refused(StatusCodes.Status401Unauthorized, "Bearer", "unauthorized", "An access token is needed: Authorization: Bearer …");

        var token = header[Scheme.Length..].Trim();
        if (token.Length == 0 || token.Length > ParameterLimits.Of("access_token") || !(await verifier.VerifyAsync(token, ct)).TryGet(out var access, out _) || !access.IsFor(issuer.Identifier)) return Invalid();

        var actor = await actors.OfTokenAsync(access, http.Connection.RemoteIpAddress?.ToString(), ct);
        return actor.May(right) ? new ActorAnswer.Granted(actor) : Insufficient(right);
    }

    private static ActorAnswer.Refused Invalid()
    {
        var error = OAuthErrors.InvalidToken();
        return new ActorAnswer.Refused(error.Status, $"Bearer error=\"{error.Code}\", error_description=\"{error.Description}\"", error.Code, error.Description!);
    }

    /// <summary>One answer whether the scope or the right behind it is missing: both are needed.</summary>
    private static ActorAnswer.Refused Insufficient(string right)
    {
        var description = $"the scope {right}, and the right of that name, are needed";
        return new ActorAnswer.Refused(StatusCodes.Status403Forbidden, $"Bearer error=\"insufficient_scope\", error_description=\"{description}\", scope=\"{right}\"", "insufficient_scope", description);
    }
}
