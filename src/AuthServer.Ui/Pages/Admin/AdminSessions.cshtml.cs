using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/sessions</c>: who is signed in, and where.</summary>
internal sealed class AdminSessionsModel(SessionCookie cookie, Actors actors, SessionAdministration sessions, PeopleAdministration people) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.SessionsRead;

    public Page<ListedSession> Sessions { get; private set; } = new([], null);

    /// <summary>A user name or an IP address, in full.</summary>
    public string? Search => NullIfBlank(Request.Query["search"]);

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        var filter = new SessionFilter();
        if (Search is { } search)
        {
            if (System.Net.IPAddress.TryParse(search, out _)) filter = new SessionFilter(Address: search);
            else if ((await people.FindByNameAsync(Actor, search, ct)).TryGet(out var person, out _)) filter = new SessionFilter(person.Id);
            else return null;
        }

        if (!(await sessions.ListAsync(Actor, filter, new PageRequest { Cursor = Cursor }, ct)).TryGet(out var page, out var refusal)) return refusal;
        Sessions = page;
        return null;
    }

    public async Task<IActionResult> OnPostEndAsync([FromForm] string? session, CancellationToken ct) => await AnswerAsync(await sessions.EndAsync(Actor, session ?? "", ct), "/admin/sessions?done=session-ended", ct);
}
