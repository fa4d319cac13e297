using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Sessions;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/users</c>: people, searched and filtered in the address.</summary>
internal sealed class UsersModel(SessionCookie cookie, Actors actors, PeopleAdministration people, DirectoryAdministration directory) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.UsersRead;

    public Page<Person> People { get; private set; } = new([], null);

    public string? Search => NullIfBlank(Request.Query["search"]);

    /// <summary><c>disabled</c>, <c>enabled</c> or <c>administrator</c>; null: all.</summary>
    public string? State => NullIfBlank(Request.Query["state"]);

    /// <summary>What the list is limited to beside the search, by its name; null: nothing.</summary>
    public DirectoryEntry? Within { get; private set; }

    public bool Anything => Search is not null || State is not null || Within is not null;

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        var (role, group, organization) = (NullIfBlank(Request.Query["role"]), NullIfBlank(Request.Query["group"]), NullIfBlank(Request.Query["organization"]));
        if (role is not null) Within = (await directory.FindAsync<Role>(Actor, role, ct)).TryGet(out var found, out _) ? found : null;
        if (group is not null) Within = (await directory.FindAsync<Group>(Actor, group, ct)).TryGet(out var found, out _) ? found : Within;
        if (organization is not null) Within = (await directory.FindAsync<Organization>(Actor, organization, ct)).TryGet(out var found, out _) ? found : Within;
        var filter = new PeopleFilter
        {
            Search = Search, RoleId = role, GroupId = group, OrganizationId = organization, Disabled = State switch { "disabled" => true, "enabled" => false, _ => null }, Administrator = State == "administrator" ? true : null,
        };
        if (!(await people.ListAsync(Actor, filter, new PageRequest { Cursor = Cursor, Sort = Search is null ? NullIfBlank(Request.Query["sort"]) : null }, ct)).TryGet(out var page, out var refusal)) return refusal;
        People = page;
        return null;
    }
}
