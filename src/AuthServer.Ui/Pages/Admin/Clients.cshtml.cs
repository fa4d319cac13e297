using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/clients</c>.</summary>
internal sealed class ClientsModel(SessionCookie cookie, Actors actors, ClientAdministration clients) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.ClientsRead;

    public Page<RegisteredClient> Clients { get; private set; } = new([], null);

    public string? Search => NullIfBlank(Request.Query["search"]);

    public string? Kind => NullIfBlank(Request.Query["kind"]) is { } kind && ClientKinds.All.Contains(kind) ? kind : null;

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if (!(await clients.ListAsync(Actor, new ClientFilter { Search = Search, Kind = Kind }, new PageRequest { Cursor = Cursor, Sort = "client_name" }, ct)).TryGet(out var page, out var refusal)) return refusal;
        Clients = page;
        return null;
    }
}
