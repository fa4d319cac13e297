using System.Text.Json;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Directory;

namespace AuthServer.Engine.Administration;

/// <summary>What a person has directly, and what they are in the end.</summary>
public sealed record PersonDirectory(Organization? Organization, IReadOnlyList<Group> Groups, IReadOnlyList<Role> Roles, UserDirectory Effective);

/// <summary>Organizations, groups, roles and rights. Who has them is <see cref="Memberships"/>.</summary>
public sealed class DirectoryAdministration(IDirectoryStore store, Reach reach, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>More than anybody is in.</summary>
    private const int MostOfAPerson = 1_000;
    private const int MaximumJson = 10_000;

    public async Task<Outcome<PersonDirectory>> OfUserAsync(Actor actor, string userId, CancellationToken ct)
    {
        if (!actor.May(AdminRights.DirectoryRead)) return Refusal.Lacks(AdminRights.DirectoryRead);
        if (await store.PowerOfAsync(userId, ct) is null) return Refusal.NotFound;
        var filter = new DirectoryFilter { UserId = userId };
        var organizations = await store.ListAsync<Organization>(filter, null, 1, ct);
        return new PersonDirectory(organizations is [var own] ? own : null, await store.ListAsync<Group>(filter, null, MostOfAPerson, ct), await store.ListAsync<Role>(filter, null, MostOfAPerson, ct), await store.ReadAsync(userId, ct));
    }

    /// <summary>By name.</summary>
    public async Task<Outcome<Page<T>>> ListAsync<T>(Actor actor, DirectoryFilter filter, PageRequest request, CancellationToken ct) where T : DirectoryEntry
    {
        if (!actor.May(AdminRights.DirectoryRead)) return Refusal.Lacks(AdminRights.DirectoryRead);
        var limit = Math.Clamp(request.Limit, 1, PageRequest.MaximumLimit);
        var found = await store.ListAsync<T>(filter, Cursor.Read(request.Cursor, 1)?[0], limit + 1, ct);
        return found.Count <= limit ? new Page<T>(found, null) : new Page<T>([.. found.Take(limit)], Cursor.Write(DirectoryNames.Normalize(found[limit - 1].Name)));
    }

    public async Task<Outcome<T>> FindAsync<T>(Actor actor, string id, CancellationToken ct) where T : DirectoryEntry
    {
        if (!actor.May(AdminRights.DirectoryRead)) return Refusal.Lacks(AdminRights.DirectoryRead);
        return await store.FindAsync<T>(id, ct) is { } found ? found : Refusal.NotFound;
    }

    public async Task<Outcome<T>> FindByNameAsync<T>(Actor actor, string name, CancellationToken ct) where T : DirectoryEntry
    {
        if (!actor.May(AdminRights.DirectoryRead)) return Refusal.Lacks(AdminRights.DirectoryRead);
        return await store.FindByNameAsync<T>(name, ct) is { } found ? found : Refusal.NotFound;
    }

    public async Task<Outcome<Organization>> CreateOrganizationAsync(Actor actor, OrganizationForm form, CancellationToken ct)
    {
        if (!actor.May(AdminRights.DirectoryWrite)) return Refusal.Lacks(AdminRights.DirectoryWrite);
        var objections = new List<Objection>();
        var entry = Filled(new Organization { Id = NewId(), Name = DirectoryNames.Name(form.Name, objections) ?? "", CreatedAt = clock.GetUtcNow(), UpdatedAt = clock.GetUtcNow() }, form, objections);
        return objections.Count > 0 ? Refusal.Invalid(objections) : await AddAsync(actor, entry, ct);
    }

    public async Task<Outcome<Organization>> UpdateOrganizationAsync(Actor actor, string id, OrganizationForm change, long? version, CancellationToken ct)
    {
        if (!(await ToChangeAsync<Organization>(actor, AdminRights.DirectoryWrite, id, version, ct)).TryGet(out var before, out var refusal)) return refusal;
        var objections = new List<Objection>();
        var entry = Filled(before, change, objections) with { Name = change.Name is null ? before.Name : DirectoryNames.Name(change.Name, objections) ?? "" };
        return objections.Count > 0 ? Refusal.Invalid(objections) : await ChangeAsync(actor, entry, ct);
    }

    /// <summary>Its groups go with it; its people stay, without an organization.</summary>
    public async Task<Outcome<Done>> RemoveOrganizationAsync(Actor actor, string id, long? version, CancellationToken ct) =>
        (await ToChangeAsync<Organization>(actor, AdminRights.DirectoryWrite, id, version, ct)).TryGet(out var entry, out var refusal) ? await DropAsync(actor, entry, version, ct) : refusal;

    public async Task<Outcome<Group>> CreateGroupAsync(Actor actor, GroupForm form, CancellationToken ct)
    {
        if (!actor.May(AdminRights.DirectoryWrite)) return Refusal.Lacks(AdminRights.DirectoryWrite);
        var objections = new List<Objection>();
        var entry = await FilledAsync(new Group { Id = NewId(), Name = DirectoryNames.Name(form.Name, objections) ?? "", CreatedAt = clock.GetUtcNow(), UpdatedAt = clock.GetUtcNow() }, form, objections, ct);
        return objections.Count > 0 ? Refusal.Invalid(objections) : await AddAsync(actor, entry, ct);
    }

    public async Task<Outcome<Group>> UpdateGroupAsync(Actor actor, string id, GroupForm change, long? version, CancellationToken ct)
    {
        if (!(await ToChangeAsync<Group>(actor, AdminRights.DirectoryWrite, id, version, ct)).TryGet(out var before, out var refusal)) return refusal;
        if (await reach.OverGroupAsync(actor, id, ct) is { } tooFar) return tooFar;
        var objections = new List<Objection>();
        var entry = await FilledAsync(before, change, objections, ct) with { Name = change.Name is null ? before.Name : DirectoryNames.Name(change.Name, objections) ?? "" };
        return objections.Count > 0 ? Refusal.Invalid(objections) : await ChangeAsync(actor, entry, ct);
    }

    /// <summary>Its members stay and lose what it gave them.</summary>
    public async Task<Outcome<Done>> RemoveGroupAsync(Actor actor, string id, long? version, CancellationToken ct)
    {
        if (!(await ToChangeAsync<Group>(actor, AdminRights.DirectoryWrite, id, version, ct)).TryGet(out var entry, out var refusal)) return refusal;
        return await reach.OverGroupAsync(actor, id, ct) is { } tooFar ? tooFar : await DropAsync(actor, entry, version, ct);
    }

    public async Task<Outcome<Role>> CreateRoleAsync(Actor actor, RoleForm form, CancellationToken ct)
    {
        if (!actor.May(AdminRights.RolesWrite)) return Refusal.Lacks(AdminRights.RolesWrite);
        var objections = new List<Objection>();
        var entry = Filled(new Role { Id = NewId(), Name = DirectoryNames.Name(form.Name, objections) ?? "", CreatedAt = clock.GetUtcNow(), UpdatedAt = clock.GetUtcNow() }, form, objections);
        return objections.Count > 0 ? Refusal.Invalid(objections) : await AddAsync(actor, entry, ct);
    }

    public async Task<Outcome<Role>> UpdateRoleAsync(Actor actor, string id, RoleForm change, long? version, CancellationToken ct)
    {
        if (!(await ToChangeAsync<Role>(actor, AdminRights.RolesWrite, id, version, ct)).TryGet(out var before, out var refusal)) return refusal;
        if (await reach.OverRoleAsync(actor, id, ct) is { } tooFar) return tooFar;
        var objections = new List<Objection>();
        var entry = Filled(before, change, objections) with { Name = change.Name is null ? before.Name : DirectoryNames.Name(change.Name, objections) ?? "" };
        return objections.Count > 0 ? Refusal.Invalid(objections) : await ChangeAsync(actor, entry, ct);
    }

    /// <summary>Whoever has it loses it.</summary>
    public async Task<Outcome<Done>> RemoveRoleAsync(Actor actor, string id, long? version, CancellationToken ct)
    {
        if (!(await ToChangeAsync<Role>(actor, AdminRights.RolesWrite, id, version, ct)).TryGet(out var entry, out var refusal)) return refusal;
        return await reach.OverRoleAsync(actor, id, ct) is { } tooFar ? tooFar : await DropAsync(actor, entry, version, ct);
    }

    public async Task<Outcome<Right>> CreateRightAsync(Actor actor, RightForm form, CancellationToken ct)
    {
        if (!actor.May(AdminRights.RolesWrite)) return Refusal.Lacks(AdminRights.RolesWrite);
        var objections = new List<Objection>();
        var entry = new Right
        {
            Id = NewId(), Name = DirectoryNames.RightName(form.Name, objections) ?? "", Description = DirectoryNames.Text("description", form.Description, null, objections), CreatedAt = clock.GetUtcNow(), UpdatedAt = clock.GetUtcNow(),
        };
        return objections.Count > 0 ? Refusal.Invalid(objections) : await AddAsync(actor, entry, ct);
    }

    public async Task<Outcome<Right>> UpdateRightAsync(Actor actor, string id, RightForm change, long? version, CancellationToken ct)
    {
        if (!(await ToChangeAsync<Right>(actor, AdminRights.RolesWrite, id, version, ct)).TryGet(out var before, out var refusal)) return refusal;
        if (before.BuiltIn) return OfThisServer();
        var objections = new List<Objection>();
        var entry = before with
        {
            Name = change.Name is null ? before.Name : DirectoryNames.RightName(change.Name, objections) ?? "",
            Description = DirectoryNames.Text("description", change.Description, before.Description, objections),
        };
        return objections.Count > 0 ? Refusal.Invalid(objections) : await ChangeAsync(actor, entry, ct);
    }

    /// <summary>Every role that held it does so no more.</summary>
    public async Task<Outcome<Done>> RemoveRightAsync(Actor actor, string id, long? version, CancellationToken ct)
    {
        if (!(await ToChangeAsync<Right>(actor, AdminRights.RolesWrite, id, version, ct)).TryGet(out var entry, out var refusal)) return refusal;
        return entry.BuiltIn ? OfThisServer() : await DropAsync(actor, entry, version, ct);
    }

    private static Refusal OfThisServer() => Refusal.Conflict("", "built_in", "This right is one of the server's own; it cannot be changed or deleted.");

    private static string NewId() => Guid.NewGuid().ToString();

    private static Organization Filled(Organization entry, OrganizationForm form, List<Objection> objections) => entry with
    {
        DisplayName = DirectoryNames.Text("display_name", form.DisplayName, entry.DisplayName, objections, 200),
        Description = DirectoryNames.Text("description", form.Description, entry.Description, objections),
        ExternalId = DirectoryNames.Text("external_id", form.ExternalId, entry.ExternalId, objections, 200),
        IdentityProvider = form.IdentityProvider switch
        {
            null => entry.IdentityProvider,
            { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
            { ValueKind: JsonValueKind.Object } json when json.GetRawText().Length <= MaximumJson => json.GetRawText(),
            _ => Object(entry, objections),
        },
    };

    private static string? Object(Organization entry, List<Objection> objections)
    {
        objections.Add(new Objection("identity_provider", "malformed", $"A JSON object of at most {MaximumJson} characters."));
        return entry.IdentityProvider;
    }

    private async Task<Group> FilledAsync(Group entry, GroupForm form, List<Objection> objections, CancellationToken ct)
    {
        var organization = DirectoryNames.Text("organization_id", form.OrganizationId, entry.OrganizationId, objections, 36);
        if (organization is not null && organization != entry.OrganizationId && await store.FindAsync<Organization>(organization, ct) is null)
            objections.Add(new Objection("organization_id", "unknown", "There is no such organization."));
        return entry with
        {
            OrganizationId = organization,
            Description = DirectoryNames.Text("description", form.Description, entry.Description, objections),
            ExternalId = DirectoryNames.Text("external_id", form.ExternalId, entry.ExternalId, objections, 200),
        };
    }

    private static Role Filled(Role entry, RoleForm form, List<Objection> objections) => entry with
    {
        Description = DirectoryNames.Text("description", form.Description, entry.Description, objections),
        RequiresSecondFactor = form.RequiresSecondFactor ?? entry.RequiresSecondFactor,
    };

    private async Task<Outcome<T>> AddAsync<T>(Actor actor, T entry, CancellationToken ct) where T : DirectoryEntry
    {
        if (await store.TryAddAsync(entry, ct) != EntryWrite.Done) return NameTaken();
        Record(actor, entry, "created " + entry.Name);
        return entry;
    }

    private async Task<Outcome<T>> ChangeAsync<T>(Actor actor, T entry, CancellationToken ct) where T : DirectoryEntry
    {
        entry = entry with { UpdatedAt = clock.GetUtcNow() };
        switch (await store.TryUpdateAsync(entry, ct))
        {
            case EntryWrite.NameTaken: return NameTaken();
            case EntryWrite.Stale: return Refusal.Stale;
            case EntryWrite.Gone: return Refusal.NotFound;
        }

        Record(actor, entry, "changed " + entry.Name);
        return entry with { Version = entry.Version + 1 };
    }

    private async Task<Outcome<Done>> DropAsync<T>(Actor actor, T entry, long? version, CancellationToken ct) where T : DirectoryEntry
    {
        switch (await store.TryRemoveAsync<T>(entry.Id, version, ct))
        {
            case EntryWrite.Stale: return Refusal.Stale;
            case EntryWrite.Gone: return Refusal.NotFound;
        }

        Record(actor, entry, "deleted " + entry.Name);
        return Done.It;
    }

    /// <summary>What is to be changed; or why it is not.</summary>
    private async Task<Outcome<T>> ToChangeAsync<T>(Actor actor, string right, string id, long? version, CancellationToken ct) where T : DirectoryEntry
    {
        if (!actor.May(right)) return Refusal.Lacks(right);
        if (await store.FindAsync<T>(id, ct) is not { } found) return Refusal.NotFound;
        return version is not null && version != found.Version ? Refusal.Stale : found;
    }

    private static Refusal NameTaken() => Refusal.Conflict("name", "taken", "This name is taken.");

    private void Record(Actor actor, DirectoryEntry entry, string detail) =>
        audit.Record(new AuditEvent(KindOf(entry), Address: actor.Address, Detail: detail, Actor: actor.AuditName, Target: NameOf(entry) + ":" + entry.Id));

    private static AuditKind KindOf(DirectoryEntry entry) => entry switch
    {
        Organization => AuditKind.OrganizationChanged, Group => AuditKind.GroupChanged, Role => AuditKind.RoleChanged, _ => AuditKind.RightChanged,
    };

    private static string NameOf(DirectoryEntry entry) => entry switch { Organization => "organization", Group => "group", Role => "role", _ => "right" };
}
