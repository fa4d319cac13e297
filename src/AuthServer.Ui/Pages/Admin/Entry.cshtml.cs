using System.Globalization;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/roles/{id}</c> and its like: one of them, with what it holds and who has it.</summary>
internal sealed class EntryModel(SessionCookie cookie, Actors actors, DirectoryAdministration directory, Memberships memberships, PeopleAdministration people) : EntryPage(cookie, actors, directory)
{
    [FromRoute] public string Id { get; set; } = "";

    public DirectoryEntry Entry { get; private set; } = null!;

    /// <summary>What it holds or who holds it: a role's rights, a group's roles, a right's roles; an organization holds none.</summary>
    public IReadOnlyList<DirectoryEntry> Held { get; private set; } = [];

    /// <summary>What can be added to it.</summary>
    public IReadOnlyList<string> Addable { get; private set; } = [];

    /// <summary>A role's or an organization's groups.</summary>
    public IReadOnlyList<Group> Groups { get; private set; } = [];

    /// <summary>Null where they cannot be listed by it, or the actor may not see them.</summary>
    public IReadOnlyList<Person>? People { get; private set; }

    public bool IsFixed => Entry is Engine.Directory.Right { BuiltIn: true };

    /// <summary>The list of what is held.</summary>
    public string HeldPath => Kind is "roles" ? "/admin/rights" : "/admin/roles";

    /// <summary>The list of its people: all of them, to page through.</summary>
    public string PeoplePath => "/admin/users?" + Kind.TrimEnd('s') + "=" + Id;

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if (!(await FindAsync(Id, ct)).TryGet(out var entry, out var refusal)) return refusal;
        Entry = entry;
        switch (Kind)
        {
            case "roles":
                await HoldAsync<Right>(new DirectoryFilter { RoleId = Id }, ct);
                Groups = await AllAsync<Group>(new DirectoryFilter { RoleId = Id }, ct);
                break;
            case "groups": await HoldAsync<Role>(new DirectoryFilter { GroupId = Id }, ct); break;
            case "rights": Held = await AllAsync<Role>(new DirectoryFilter { RightId = Id }, ct); break;
            default: Groups = await AllAsync<Group>(new DirectoryFilter { OrganizationId = Id }, ct); break;
        }

        var filter = Kind switch { "roles" => new PeopleFilter { RoleId = Id }, "groups" => new PeopleFilter { GroupId = Id }, "organizations" => new PeopleFilter { OrganizationId = Id }, _ => null };
        if (filter is not null && (await people.ListAsync(Actor, filter, new PageRequest { Limit = 10 }, ct)).TryGet(out var page, out _)) People = page.Items;
        return null;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var version = long.TryParse(Typed("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        var (name, description) = (Typed("name")?.Trim(), Typed("description")?.Trim());
        var outcome = Kind switch
        {
            "organizations" => Plain(await Directory.UpdateOrganizationAsync(Actor, Id, new OrganizationForm { Name = name, Description = description, DisplayName = Typed("display_name")?.Trim() }, version, ct)),
            "groups" => Plain(await Directory.UpdateGroupAsync(Actor, Id, new GroupForm { Name = name, Description = description }, version, ct)),
            "roles" => Plain(await Directory.UpdateRoleAsync(Actor, Id, new RoleForm { Name = name, Description = description, RequiresSecondFactor = Ticked("requires_second_factor", false) }, version, ct)),
            _ => Plain(await Directory.UpdateRightAsync(Actor, Id, new RightForm { Name = name, Description = description }, version, ct)),
        };
        return await AnswerAsync(outcome, Here("saved"), ct);
    }

    /// <summary>Gives a role a right, or a group a role, by its name.</summary>
    public async Task<IActionResult> OnPostAddAsync([FromForm] string? held, CancellationToken ct)
    {
        var found = Kind == "roles" ? Plain(await Directory.FindByNameAsync<Right>(Actor, held?.Trim() ?? "", ct)) : Plain(await Directory.FindByNameAsync<Role>(Actor, held?.Trim() ?? "", ct));
        if (!found.TryGet(out var entry, out var refusal)) return await RefusedAsync(refusal.Kind == RefusalKind.NotFound ? Refusal.Invalid(new Objection("held", "unknown", Texts["Admin_UnknownName"])) : refusal, ct);
        return await AnswerAsync(await memberships.LinkAsync(Actor, Link, Id, entry.Id, ct), Here("given"), ct);
    }

    public async Task<IActionResult> OnPostRemoveAsync([FromForm] string? held, CancellationToken ct) => await AnswerAsync(await memberships.UnlinkAsync(Actor, Link, Id, held ?? "", ct), Here("taken"), ct);

    /// <summary>Puts somebody into the group or gives them the role.</summary>
    public async Task<IActionResult> OnPostAddPersonAsync([FromForm] string? person, CancellationToken ct)
    {
        if (!(await people.FindByNameAsync(Actor, person?.Trim() ?? "", ct)).TryGet(out var found, out var refusal))
            return await RefusedAsync(refusal.Kind == RefusalKind.NotFound ? Refusal.Invalid(new Objection("person", "unknown", Texts["Admin_UnknownPerson"])) : refusal, ct);
        return Kind == "organizations"
            ? await AnswerAsync(await memberships.SetOrganizationAsync(Actor, found.Id, Id, ct), Here("given"), ct)
            : await AnswerAsync(await memberships.LinkAsync(Actor, PersonLink, found.Id, Id, ct), Here("given"), ct);
    }

    public async Task<IActionResult> OnPostRemovePersonAsync([FromForm] string? person, CancellationToken ct) => Kind == "organizations"
        ? await AnswerAsync(await memberships.SetOrganizationAsync(Actor, person ?? "", null, ct), Here("taken"), ct)
        : await AnswerAsync(await memberships.UnlinkAsync(Actor, PersonLink, person ?? "", Id, ct), Here("taken"), ct);

    private DirectoryLink Link => Kind == "roles" ? DirectoryLink.RoleRight : DirectoryLink.GroupRole;

    private DirectoryLink PersonLink => Kind == "roles" ? DirectoryLink.UserRole : DirectoryLink.UserGroup;

    private string Here(string done) => Path + "/" + Uri.EscapeDataString(Id) + "?done=" + done;

    private async Task HoldAsync<T>(DirectoryFilter filter, CancellationToken ct) where T : DirectoryEntry
    {
        Held = await AllAsync<T>(filter, ct);
        Addable = [.. (await AllAsync<T>(new DirectoryFilter(), ct)).Select(static e => e.Name).Except(Held.Select(static e => e.Name), StringComparer.Ordinal)];
    }

    private async Task<IReadOnlyList<T>> AllAsync<T>(DirectoryFilter filter, CancellationToken ct) where T : DirectoryEntry =>
        (await Directory.ListAsync<T>(Actor, filter, new PageRequest { Limit = PageRequest.MaximumLimit }, ct)).TryGet(out var page, out _) ? page.Items : [];
}
