using System.Globalization;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/activity</c>: what happened at this account, the newest first.</summary>
internal sealed class ActivityModel(SessionCookie cookie, IAuditReader audit, ClientRegistry clients, IStringLocalizer<Texts> texts) : AccountPage(cookie)
{
    private const int PageSize = 25;

    /// <summary>Where the page before this one ended: time and id, so that the list stands still while new events come in.</summary>
    [FromQuery(Name = "before")] public string? Before { get; set; }

    public IReadOnlyList<Line> Events { get; private set; } = [];

    /// <summary>For the address of the next page; null where this is the last.</summary>
    public string? Older { get; private set; }

    public bool IsLater { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        var before = Read(Before);
        IsLater = before is not null;
        var page = await audit.ListAsync(UserId, ActivityText.Kinds, before, PageSize + 1, ct);
        Events = [.. page.Take(PageSize).Select(e => new Line(e.At, e.Event.Address, ActivityText.Of(e.Event, AppName(e.Event.ClientId), texts)))];
        if (page.Count > PageSize) Older = string.Create(CultureInfo.InvariantCulture, $"{page[PageSize - 1].At.ToUnixTimeMilliseconds()}-{page[PageSize - 1].Id}");
    }

    private string AppName(string? clientId) => clientId is null ? "" : clients.Find(clientId)?.DisplayName ?? clientId;

    private static AuditPlace? Read(string? text) =>
        text?.Split('-') is [var at, var id] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < 253_402_300_800_000
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? new AuditPlace(DateTimeOffset.FromUnixTimeMilliseconds(ms), row) : null;

    public sealed record Line(DateTimeOffset At, string? Address, ActivityText Text);
}
