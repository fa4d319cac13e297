using System.Globalization;
using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/audit</c>: the trail, searched by who, whom, what and when; and as a file of JSON lines.</summary>
internal sealed class AuditModel(SessionCookie cookie, Actors actors, AuditSearch audit) : AdminPage(cookie, actors)
{
    /// <summary>Lines of a file at most; the command line exports all.</summary>
    private const int MostExported = 10_000;

    public override string Right => AdminRights.AuditRead;

    public Page<AuditEntry> Entries { get; private set; } = new([], null);

    public static IReadOnlyList<(string Value, string Text)> Kinds { get; } = [.. Enum.GetValues<AuditKind>().Select(static k => (k.ToString(), AuditText.Title(k))).OrderBy(static k => k.Item2, StringComparer.Ordinal)];

    public string? Value(string name) => NullIfBlank(Request.Query[name]);

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if (!(await audit.SearchAsync(Actor, Filter(), new PageRequest { Cursor = Cursor }, ct)).TryGet(out var page, out var refusal)) return refusal;
        Entries = page;
        return null;
    }

    public async Task<IActionResult> OnGetExportAsync(CancellationToken ct)
    {
        var lines = new List<byte[]>();
        for (string? next = null; lines.Count < MostExported;)
        {
            if (!(await audit.SearchAsync(Actor, Filter(), new PageRequest { Limit = PageRequest.MaximumLimit, Cursor = next }, ct)).TryGet(out var page, out var refusal)) return Ended(refusal);
            lines.AddRange(page.Items.Select(static e => JsonSerializer.SerializeToUtf8Bytes(new { e.Id, e.At, Kind = e.Event.Kind.ToString(), e.Event.Actor, e.Event.Subject, e.Event.Target, e.Event.ClientId, e.Event.SessionId, e.Event.Address, e.Event.Detail }, Wire)));
            if ((next = page.Next) is null) break;
        }

        var file = new MemoryStream();
        foreach (var line in lines)
        {
            file.Write(line);
            file.WriteByte((byte)'\n');
        }

        file.Position = 0;
        return File(file, "application/x-ndjson", "audit.jsonl");
    }

    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private AuditFilter Filter() => new()
    {
        Kinds = Enum.TryParse<AuditKind>(Value("kind"), out var kind) && Enum.IsDefined(kind) ? [kind] : [],
        Actor = Value("actor"), Subject = Value("subject"), ClientId = Value("client_id"), Target = Value("target"), Address = Value("address"),
        From = Day("from"), To = Day("to")?.AddDays(1),
    };

    private DateTimeOffset? Day(string name) => DateOnly.TryParseExact(Value(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) : null;
}
