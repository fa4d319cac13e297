using System.Globalization;
using System.Text.Json.Serialization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration;

namespace AuthServer.Admin;

/// <summary>The answers of the administration API: JSON with an ETag, or a problem (RFC 9457).</summary>
internal static class AdminAnswers
{
    /// <summary>The value as JSON, or the problem that stands in its place.</summary>
    public static IResult Of<T>(Outcome<T> outcome, Func<T, IResult> answer) where T : class => outcome.TryGet(out var value, out var refusal) ? answer(value) : Of(refusal);

    /// <summary>200 with the version as ETag (RFC 9110 §8.8.3).</summary>
    public static IResult Ok<T>(T body, object? version = null) => new Answer<T>(StatusCodes.Status200OK, body, version, null);

    /// <summary>201 with the place of what was made.</summary>
    public static IResult Created<T>(string path, T body, object? version = null) => new Answer<T>(StatusCodes.Status201Created, body, version, path);

    public static IResult Page<TItem, TAnswer>(Page<TItem> page, Func<TItem, TAnswer> answer) => new Answer<PageAnswer<TAnswer>>(StatusCodes.Status200OK, new PageAnswer<TAnswer>([.. page.Items.Select(answer)], page.Next), null, null);

    public static IResult NoContent { get; } = TypedResults.NoContent();

    public static IResult TooLarge => Problem(StatusCodes.Status413PayloadTooLarge, "too-large", $"The body may have {AdminJson.MaximumBody} bytes.");

    public static IResult Problem(int status, string type, string detail, IReadOnlyList<Objection>? errors = null) => new ProblemAnswer(status, new ProblemBody
    {
        Type = "urn:authserver:problem:" + type,
        Title = type.Replace('-', ' '),
        Status = status,
        Detail = detail,
        Errors = errors is { Count: > 0 } ? [.. errors.Select(static e => new ProblemError(e.Field, e.Code, e.Message))] : null,
    });

    public static IResult Of(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.NotFound => Problem(StatusCodes.Status404NotFound, "not-found", "There is no such resource."),
        RefusalKind.Forbidden => Problem(StatusCodes.Status403Forbidden, "forbidden", Said(refusal, "You may not do this."), refusal.Objections),
        RefusalKind.Conflict => Problem(StatusCodes.Status409Conflict, "conflict", Said(refusal, "Something that exists stands against it."), refusal.Objections),
        RefusalKind.Stale => Problem(StatusCodes.Status412PreconditionFailed, "changed-meanwhile", "It was changed since you read it. Read it again."),
        RefusalKind.Busy => new LaterAnswer(HashingGate.RetryAfterSeconds, Problem(StatusCodes.Status503ServiceUnavailable, "busy", "The server is at work on as many passwords as it may. Try again in a moment.")),
        _ => Problem(StatusCodes.Status422UnprocessableEntity, "invalid", Said(refusal, "What was sent is not good."), refusal.Objections),
    };

    public static IResult Of(ActorAnswer.Refused refused) => new ChallengeAnswer(refused, Problem(refused.Status, refused.Code.Replace('_', '-'), refused.Description));

    /// <summary>The version that <c>If-Match</c> names; null where it names none or any.</summary>
    public static string? IfMatch(this HttpContext http)
    {
        var tag = http.Request.Headers.IfMatch.ToString().Trim();
        if (tag is "" or "*") return null;
        // A weak tag never matches (RFC 9110 §13.1.1), nor does one that is not ours.
        return tag.Length > 2 && tag[0] == '"' && tag[^1] == '"' ? tag[1..^1] : "\0";
    }

    /// <summary>As <see cref="IfMatch"/> for versions that are numbers; one that is none matches nothing.</summary>
    public static long? IfMatchNumber(this HttpContext http) =>
        http.IfMatch() is not { } tag ? null : long.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;

    /// <summary>A filter out of the query; null where it is not there or empty.</summary>
    public static string? Query(this HttpContext http, string name) => http.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>Limit, cursor and order out of the query.</summary>
    public static PageRequest PageRequest(this HttpContext http)
    {
        var query = http.Request.Query;
        return new PageRequest
        {
            Limit = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Clamp(limit, 1, Engine.Administration.PageRequest.MaximumLimit) : Engine.Administration.PageRequest.DefaultLimit,
            Cursor = query["cursor"],
            Sort = query["sort"],
        };
    }

    private static string Said(Refusal refusal, string otherwise) => refusal.Objections is [var only] ? only.Message : otherwise;

    private sealed record Answer<T>(int Status, T Body, object? Version, string? Location) : IResult, ICreated
    {
        public Task ExecuteAsync(HttpContext http)
        {
            http.Response.StatusCode = Status;
            if (Version is not null) http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{Version}\"");
            if (Location is not null) http.Response.Headers.Location = http.Request.PathBase + AdminApi.Path + Location;
            return http.Response.WriteAsJsonAsync(Body, AdminJson.Options, http.RequestAborted);
        }
    }

    private sealed record ProblemAnswer(int Status, ProblemBody Body) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            http.Response.StatusCode = Status;
            http.Response.Headers.CacheControl = "no-store";
            return http.Response.WriteAsJsonAsync(Body, AdminJson.Options, "application/problem+json", http.RequestAborted);
        }
    }

    private sealed record LaterAnswer(int Seconds, IResult Problem) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            http.Response.Headers.RetryAfter = Seconds.ToString(CultureInfo.InvariantCulture);
            return Problem.ExecuteAsync(http);
        }
    }

    private sealed record ChallengeAnswer(ActorAnswer.Refused Refused, IResult Problem) : IResult
    {
        public Task ExecuteAsync(HttpContext http)
        {
            if (Refused.Challenge is { } challenge) http.Response.Headers.WWWAuthenticate = challenge;
            return Problem.ExecuteAsync(http);
        }
    }
}

/// <summary>A part of a list; <c>next</c> is the <c>cursor</c> of the part behind it, null in the last.</summary>
internal sealed record PageAnswer<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>RFC 9457 §3.1, with what speaks against each member.</summary>
internal sealed record ProblemBody
{
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProblemError>? Errors { get; init; }
}

/// <param name="Field">The member; empty for the whole.</param>
/// <param name="Code">A word that never changes.</param>
internal sealed record ProblemError(string Field, string Code, string Message);
