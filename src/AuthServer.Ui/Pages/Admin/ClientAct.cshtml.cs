using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/clients/{id}/disable</c> and <c>/delete</c>: says what will happen, and does it.</summary>
internal sealed class ClientActModel(SessionCookie cookie, Actors actors, ClientAdministration clients) : ClientPage(cookie, actors, clients)
{
    [FromRoute] public string Act { get; set; } = "";

    public bool IsDelete => Act == "delete";

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) => IsDelete
        ? await AnswerAsync(await Clients.RemoveAsync(Actor, ClientId, null, ct), "/admin/clients?done=deleted", ct)
        : await AnswerAsync(await Clients.SetEnabledAsync(Actor, ClientId, false, ct), Path + "?done=saved", ct);
}
