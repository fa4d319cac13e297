using System.Globalization;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Audit;

namespace AuthServer.Admin;

/// <summary><c>/audit</c>: search in the audit trail, the newest first; and the figures of the dashboard.</summary>
internal sealed class AuditResource : IAdminResource
{
    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/audit", SearchAsync).Needs(AdminRights.AuditRead).Produces<PageAnswer<AuditAnswer>>().WithSummary("Search the audit trail, the newest first").Paged()
            .Query("kind", "Only events of this kind; may be there more than once.").Query("actor", "Who did it: user:…, client:… or command line.").Query("subject", "Whom it happened to, a person's id.").Query("client_id", "Through which client.")
            .Query("target", "What was changed, such as role:….").Query("address", "From which IP address.").Query("from", "Not before this time, RFC 3339.").Query("to", "Before this time, RFC 3339.");
        admin.MapGet("/statistics", FiguresAsync).Needs(AdminRights.AuditRead).Produces<PageAnswer<FigureAnswer>>().WithSummary("Read what happened by the hour").Query("hours", "How many hours back; 24 where nothing is said.");
    }

    private static async Task<IResult> SearchAsync(HttpContext http, AuditSearch audit)
    {
        var objections = new List<Objection>();
        var kinds = new List<AuditKind>();
        foreach (var name in http.Request.Query["kind"])
        {
            if (Kinds.TryGetValue(name ?? "", out var kind)) kinds.Add(kind);
            else objections.Add(new Objection("kind", "unknown", "There is no such kind of event."));
        }

        var filter = new AuditFilter
        {
            Kinds = kinds,
            Actor = http.Query("actor"),
            Subject = http.Query("subject"),
            ClientId = http.Query("client_id"),
            Target = http.Query("target"),
            Address = http.Query("address"),
            From = Time(http.Query("from"), "from", objections),
            To = Time(http.Query("to"), "to", objections),
        };
        if (objections.Count > 0) return AdminAnswers.Of(Refusal.Invalid(objections));
        return AdminAnswers.Of(await audit.SearchAsync(http.Actor(), filter, http.PageRequest(), http.RequestAborted), static page => AdminAnswers.Page(page, AuditAnswer.Of));
    }

    private static async Task<IResult> FiguresAsync(HttpContext http, AuditSearch audit)
    {
        var hours = int.TryParse(http.Request.Query["hours"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 24;
        return AdminAnswers.Of(await audit.FiguresAsync(http.Actor(), hours, http.RequestAborted),
            static figures => AdminAnswers.Page(new Page<HourlyFigure>(figures, null), static f => new FigureAnswer(f.At, f.Name, f.Value)));
    }

    private static readonly Dictionary<string, AuditKind> Kinds = Enum.GetValues<AuditKind>().ToDictionary(AuditAnswer.NameOf, StringComparer.Ordinal);

    private static DateTimeOffset? Time(string? value, string field, List<Objection> objections)
    {
        if (value is null) return null;
        if (DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        objections.Add(new Objection(field, "malformed", "A time looks like 2026-01-31T12:00:00Z."));
        return null;
    }
}

/// <param name="Name"><c>sign_ins</c>, <c>sign_in_failures</c>, <c>tokens</c> or <c>sessions</c>.</param>
internal sealed record FigureAnswer(DateTimeOffset At, string Name, long Value);

/// <summary>A line of the trail on the wire.</summary>
internal sealed record AuditAnswer
{
    public required long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Kind { get; init; }
    public string? Actor { get; init; }
    public string? Subject { get; init; }
    public string? Target { get; init; }
    public string? ClientId { get; init; }
    public string? SessionId { get; init; }
    public string? Address { get; init; }
    public string? Detail { get; init; }

    public static AuditAnswer Of(AuditEntry entry) => new()
    {
        Id = entry.Id,
        At = entry.At,
        Kind = NameOf(entry.Event.Kind),
        Actor = entry.Event.Actor,
        Subject = entry.Event.Subject,
        Target = entry.Event.Target,
        ClientId = entry.Event.ClientId,
        SessionId = entry.Event.SessionId,
        Address = entry.Event.Address,
        Detail = entry.Event.Detail,
    };

    public static string NameOf(AuditKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
