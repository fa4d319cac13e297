using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary>A page about one client.</summary>
internal abstract class ClientPage(SessionCookie cookie, Actors actors, ClientAdministration clients) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.ClientsRead;

    [FromRoute] public string Id { get; set; } = "";

    public RegisteredClient Registered { get; private set; } = null!;

    public string Path => "/admin/clients/" + Uri.EscapeDataString(ClientId);

    protected ClientAdministration Clients => clients;

    /// <summary>A client's id can be an address; routing leaves an encoded slash as it is.</summary>
    protected string ClientId => Id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if (!(await clients.FindAsync(Actor, ClientId, ct)).TryGet(out var found, out var refusal)) return refusal;
        Registered = found;
        return null;
    }
}
