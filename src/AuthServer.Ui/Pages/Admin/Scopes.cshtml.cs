using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/scopes</c>.</summary>
internal sealed class ScopesModel(SessionCookie cookie, Actors actors, ScopeAdministration scopes) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.ClientsRead;

    public Page<RegisteredScope> Scopes { get; private set; } = new([], null);

    public string? Search => NullIfBlank(Request.Query["search"]);

    public string? Kind => NullIfBlank(Request.Query["kind"]);

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        var filter = new ScopeFilter { Search = Search, BuiltIn = Kind switch { "built-in" => true, "own" => false, _ => null } };
        if (!(await scopes.ListAsync(Actor, filter, new PageRequest { Cursor = Cursor }, ct)).TryGet(out var page, out var refusal)) return refusal;
        Scopes = page;
        return null;
    }
}
