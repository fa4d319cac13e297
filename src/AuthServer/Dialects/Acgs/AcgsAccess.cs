using AuthServer.Dialects.Answers;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Tokens;

namespace AuthServer.Dialects.Acgs;

/// <summary>Who is calling.</summary>
/// <param name="Token">Null: by an API key.</param>
internal sealed record AcgsCaller(GrantUser User, DialectToken? Token);

/// <summary>Finds out who is calling: by a Bearer token, as the document says, by the cookie, as the service did, or by an API key where one may be used.</summary>
internal sealed class AcgsAccess(AcgsDialect dialect, DialectPeople people, DialectTokens tokens, ApiKeyVerifier keys, AcgsCookies cookies, AcgsAnswers answers, TimeSpan freshness, TimeProvider clock)
{
    /// <summary>Null: nothing speaks against the request. A header that no other site can set is proof enough that the person's own program sent it.</summary>
    public Raw? Forged(DialectRequest request)
    {
        if (BearerHeader.Read(request) is not null || request.Http.Request.Headers.ContainsKey(ApiKeyHeader.Name)) return null;
        return cookies.Objection(request) is { } objection ? answers.Refuse(request, objection.Status, objection.Message) : null;
    }

    /// <param name="withKey">An API key will do.</param>
    public async Task<(AcgsCaller? Caller, Raw? Refusal)> FindAsync(DialectRequest request, CancellationToken ct, bool withKey = false)
    {
        if (ApiKeyHeader.Read(request.Http, out var twice) is { } key)
        {
            if (twice) return (null, answers.Refuse(request, StatusCodes.Status400BadRequest, "Send one credential, not two"));
            return withKey ? await OfKeyAsync(request, key, ct) : (null, answers.Refuse(request, StatusCodes.Status403Forbidden, "An API key cannot do this; sign in"));
        }

        var fault = DialectTokenFault.Invalid;
        foreach (var text in new[] { BearerHeader.Read(request), AcgsCookies.Read(request, AcgsCookies.Access) }.OfType<string>())
        {
            (var token, fault) = await tokens.VerifyAsync(dialect, request.Settings, text, ct);
            if (token is null) continue;
            return people.MayPass(request, token) ? (new AcgsCaller(token.User, token), null) : (null, answers.Plain(request, StatusCodes.Status429TooManyRequests));
        }

        return (null, answers.Challenge(request, fault == DialectTokenFault.Expired ? "Token has expired" : AcgsAnswers.NotValidated));
    }

    /// <summary>For what changes something: the caller by token or cookie, whose own program sent it.</summary>
    public async Task<(AcgsCaller? Caller, Raw? Refusal)> FindForChangeAsync(DialectRequest request, CancellationToken ct) =>
        Forged(request) is { } forged ? (null, forged) : await FindAsync(request, ct);

    /// <summary>Null: the person signed in a short while ago. A token somebody found must not become a second factor of theirs (ASVS 7.5.1).</summary>
    public Raw? NotFresh(DialectRequest request, AcgsCaller caller) =>
        caller.Token?.Grant.Details.AuthTime is { } at && DateTimeOffset.FromUnixTimeSeconds(at) + freshness >= clock.GetUtcNow()
            ? null
            : answers.Refuse(request, StatusCodes.Status403Forbidden, "Sign in again before you change how you sign in");

    private async Task<(AcgsCaller? Caller, Raw? Refusal)> OfKeyAsync(DialectRequest request, string key, CancellationToken ct)
    {
        if (!(await keys.PresentedAsync(request.Http, key, ct)).TryGet(out var verified, out var error))
            return (null, error.Status == StatusCodes.Status429TooManyRequests ? answers.Plain(request, error.Status) : answers.Challenge(request, "Invalid API key"));
        if (verified.Access.Standing?.User is not { } user) return (null, answers.Refuse(request, StatusCodes.Status403Forbidden, "This API key belongs to no person"));
        return verified.Access.Scopes.Contains("profile") ? (new AcgsCaller(user, null), null) : (null, answers.Refuse(request, StatusCodes.Status403Forbidden, "This API key lacks the scope profile"));
    }
}
