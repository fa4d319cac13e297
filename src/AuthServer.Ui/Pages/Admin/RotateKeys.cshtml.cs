using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/keys/rotate</c>: the keys are known to somebody else; new ones sign from this moment on.</summary>
internal sealed class RotateKeysModel(SessionCookie cookie, Actors actors, KeyAdministration keys) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.KeysWrite;

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) => await AnswerAsync(await keys.RotateAsync(Actor, atOnce: true, ct), "/admin/keys?done=keys-replaced", ct);
}
