using System.Globalization;
using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/clients/{id}</c>: the settings a person changes, and what to paste into the app.</summary>
internal sealed class ClientDetailModel(SessionCookie cookie, Actors actors, ClientAdministration clients, ClientRegistry registry, Issuer issuer) : ClientPage(cookie, actors, clients)
{
    public ClientFields Fields => new(this, Registered.Kind, Registered.Client, registry.Scopes.All);

    public ClientCode Code => new(Registered.Client, Registered.Kind, issuer, null);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await LoadAsync(ct) is { } gone) return Ended(gone);
        var version = long.TryParse(Typed("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        return await AnswerAsync(await Clients.UpdateAsync(Actor, ClientId, JsonSerializer.SerializeToElement(Fields.Read()), version, ct), Path + "?done=saved", ct);
    }

    public async Task<IActionResult> OnPostEnableAsync(CancellationToken ct) => await AnswerAsync(await Clients.SetEnabledAsync(Actor, ClientId, true, ct), Path + "?done=saved", ct);
}
