using AuthServer.Engine.Accounts;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/sessions</c>: where the person is signed in, and how they end that (ASVS 7.5.2).</summary>
internal sealed class SessionsModel(SessionCookie cookie, OwnSessions sessions, IStringLocalizer<Texts> texts) : AccountPage(cookie)
{
    private const int Shown = 50;

    public IReadOnlyList<Place> Places { get; private set; } = [];

    /// <summary>Not shown, but ended together with the others.</summary>
    public int More { get; private set; }

    public string? Notice { get; private set; }

    public async Task OnGetAsync([FromQuery(Name = "done")] string? done, CancellationToken ct)
    {
        var all = await sessions.ListAsync(Current, ct);
        Places = [.. all.Take(Shown).Select(s => new Place(s.Id, DeviceName.Of(s.UserAgent), s.Address, s.CreatedAt, s.LastSeenAt, string.Equals(s.Id, Current.Session.Id, StringComparison.Ordinal)))];
        More = all.Count - Places.Count;
        Notice = done switch
        {
            "one" => texts["Sessions_Ended"].Value,
            "others" => texts["Sessions_OthersEnded"].Value,
            _ => null,
        };
    }

    public async Task<IActionResult> OnPostEndAsync([FromForm(Name = "id")] string? id, CancellationToken ct)
    {
        var ended = id is { Length: > 0 and < 64 } && await sessions.TryEndAsync(Current, id, Visitor.AddressOf(HttpContext), ct);
        // It was this one after all: the browser is not left with a page of nobody.
        if (ended && string.Equals(id, Current.Session.Id, StringComparison.Ordinal)) return RedirectToPage("/Login");
        return Redirect("~/account/sessions" + (ended ? "?done=one" : ""));
    }

    public async Task<IActionResult> OnPostEndOthersAsync(CancellationToken ct)
    {
        await sessions.EndOthersAsync(Current, Visitor.AddressOf(HttpContext), ct);
        return Redirect("~/account/sessions?done=others");
    }

    public sealed record Place(string Id, DeviceName Device, string? Address, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, bool IsThis);
}
