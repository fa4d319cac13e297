using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/keys</c>: what this server signs with.</summary>
internal sealed class KeysModel(SessionCookie cookie, Actors actors, KeyAdministration keys) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.KeysRead;

    public IReadOnlyList<ServerKey> Keys { get; private set; } = [];

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if (!(await keys.ListAsync(Actor, ct)).TryGet(out var all, out var refusal)) return refusal;
        Keys = all;
        return null;
    }

    public async Task<IActionResult> OnPostRotateAsync(CancellationToken ct) => await AnswerAsync(await keys.RotateAsync(Actor, atOnce: false, ct), "/admin/keys?done=keys-rotated", ct);
}
