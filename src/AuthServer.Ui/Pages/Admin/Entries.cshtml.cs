using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Sessions;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/organizations</c>, <c>/admin/groups</c>, <c>/admin/roles</c>, <c>/admin/rights</c>: the lists.</summary>
internal sealed class EntriesModel(SessionCookie cookie, Actors actors, DirectoryAdministration directory) : EntryPage(cookie, actors, directory)
{
    public IReadOnlyList<DirectoryEntry> Items { get; private set; } = [];

    public Pager Pager { get; private set; } = new(null, null);

    public string? Search => NullIfBlank(Request.Query["search"]);

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct) => Kind switch
    {
        "organizations" => await LoadAsync<Organization>(ct),
        "groups" => await LoadAsync<Group>(ct),
        "roles" => await LoadAsync<Role>(ct),
        _ => await LoadAsync<Right>(ct),
    };

    private async Task<Refusal?> LoadAsync<T>(CancellationToken ct) where T : DirectoryEntry
    {
        if (!(await Directory.ListAsync<T>(Actor, new DirectoryFilter { Search = Search, OrganizationId = NullIfBlank(Request.Query["organization"]) }, new PageRequest { Cursor = Cursor }, ct)).TryGet(out var page, out var refusal)) return refusal;
        (Items, Pager) = (page.Items, Pager.Of(this, page.Next));
        return null;
    }
}
