using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Directory;

namespace AuthServer.Engine.Administration.Configuration;

/// <summary>Writes one entry of a document by the acts of the administration.</summary>
public sealed class ConfigurationWriter(DirectoryAdministration directory, Memberships memberships, ScopeAdministration scopes, ClientAdministration clients)
{
    internal async Task<ConfigurationChange> WriteAsync(Actor actor, ConfigurationKind kind, ConfigurationChange change, JsonObject entry, CancellationToken ct)
    {
        var isNew = change.Act == ConfigurationAct.Created;
        string? secret = null;
        Refusal? refusal;
        if (kind == ConfigurationKind.Rights) refusal = await RightAsync(actor, change.Name, isNew, entry, ct);
        else if (kind == ConfigurationKind.Roles) refusal = await RoleAsync(actor, change.Name, isNew, entry, ct);
        else if (kind == ConfigurationKind.Organizations) refusal = await OrganizationAsync(actor, change.Name, isNew, entry, ct);
        else if (kind == ConfigurationKind.Groups) refusal = await GroupAsync(actor, change.Name, isNew, entry, ct);
        else if (kind == ConfigurationKind.Scopes) refusal = isNew ? Of(await scopes.CreateAsync(actor, Json(entry), ct)) : Of(await scopes.UpdateAsync(actor, change.Name, Json(Patch(change, entry)), null, ct));
        else if (!isNew) refusal = Of(await clients.UpdateAsync(actor, change.Name, Json(Patch(change, entry)), null, ct));
        else if ((await clients.CreateAsync(actor, Json(entry), ct)).TryGet(out var created, out refusal)) secret = created.Secret;

        return refusal is null ? change with { Secret = secret } : change with { Act = ConfigurationAct.Refused, Reason = Words(refusal) };
    }

    private async Task<Refusal?> RightAsync(Actor actor, string name, bool isNew, JsonObject entry, CancellationToken ct)
    {
        var form = new RightForm { Name = name, Description = Text(entry, "description") };
        if (isNew) return Of(await directory.CreateRightAsync(actor, form, ct));
        return (await directory.FindByNameAsync<Right>(actor, name, ct)).TryGet(out var right, out var refusal) ? Of(await directory.UpdateRightAsync(actor, right.Id, form, right.Version, ct)) : refusal;
    }

    private async Task<Refusal?> RoleAsync(Actor actor, string name, bool isNew, JsonObject entry, CancellationToken ct)
    {
        var form = new RoleForm { Name = name, Description = Text(entry, "description"), RequiresSecondFactor = entry["requires_second_factor"] is JsonValue value && value.TryGetValue<bool>(out var must) ? must : null };
        Role? role;
        Refusal? refusal;
        if (isNew)
        {
            if (!(await directory.CreateRoleAsync(actor, form, ct)).TryGet(out role, out refusal)) return refusal;
        }
        else if (!(await directory.FindByNameAsync<Role>(actor, name, ct)).TryGet(out role, out refusal) || (refusal = Of(await directory.UpdateRoleAsync(actor, role.Id, form, role.Version, ct))) is not null) return refusal;

        return await LinkAsync<Right>(actor, DirectoryLink.RoleRight, role.Id, entry["rights"], new DirectoryFilter { RoleId = role.Id }, ct);
    }

    private async Task<Refusal?> OrganizationAsync(Actor actor, string name, bool isNew, JsonObject entry, CancellationToken ct)
    {
        var form = new OrganizationForm
        {
            Name = name, DisplayName = Text(entry, "display_name"), Description = Text(entry, "description"), ExternalId = Text(entry, "external_id"),
            IdentityProvider = entry.TryGetPropertyValue("identity_provider", out var provider) ? JsonSerializer.SerializeToElement(provider) : null,
        };
        if (isNew) return Of(await directory.CreateOrganizationAsync(actor, form, ct));
        return (await directory.FindByNameAsync<Organization>(actor, name, ct)).TryGet(out var found, out var refusal) ? Of(await directory.UpdateOrganizationAsync(actor, found.Id, form, found.Version, ct)) : refusal;
    }

    private async Task<Refusal?> GroupAsync(Actor actor, string name, bool isNew, JsonObject entry, CancellationToken ct)
    {
        Refusal? refusal;
        var organization = Text(entry, "organization");
        if (organization is { Length: > 0 })
        {
            if (!(await directory.FindByNameAsync<Organization>(actor, organization, ct)).TryGet(out var found, out _)) return Refusal.Invalid(new Objection("organization", "unknown", $"There is no organization {organization}."));
            organization = found.Id;
        }

        var form = new GroupForm { Name = name, Description = Text(entry, "description"), OrganizationId = organization, ExternalId = Text(entry, "external_id") };
        Group? group;
        if (isNew)
        {
            if (!(await directory.CreateGroupAsync(actor, form, ct)).TryGet(out group, out refusal)) return refusal;
        }
        else if (!(await directory.FindByNameAsync<Group>(actor, name, ct)).TryGet(out group, out refusal) || (refusal = Of(await directory.UpdateGroupAsync(actor, group.Id, form, group.Version, ct))) is not null) return refusal;

        return await LinkAsync<Role>(actor, DirectoryLink.GroupRole, group.Id, entry["roles"], new DirectoryFilter { GroupId = group.Id }, ct);
    }

    /// <summary>Afterwards exactly these are joined; where the document says nothing of them, nothing happens.</summary>
    private async Task<Refusal?> LinkAsync<T>(Actor actor, DirectoryLink link, string id, JsonNode? names, DirectoryFilter present, CancellationToken ct) where T : DirectoryEntry
    {
        if (names is not JsonArray) return null;
        var wanted = ConfigurationDifference.NamesOf(names);
        var there = new List<T>();
        for (var request = new PageRequest { Limit = PageRequest.MaximumLimit }; ; )
        {
            if (!(await directory.ListAsync<T>(actor, present, request, ct)).TryGet(out var page, out var refusal)) return refusal;
            there.AddRange(page.Items);
            if (page.Next is null) break;
            request = request with { Cursor = page.Next };
        }

        foreach (var name in wanted.Except(there.Select(static t => t.Name), StringComparer.OrdinalIgnoreCase))
        {
            if (!(await directory.FindByNameAsync<T>(actor, name, ct)).TryGet(out var found, out _)) return Refusal.Invalid(new Objection(name, "unknown", $"There is no {typeof(T).Name.ToLowerInvariant()} {name}."));
            if (Of(await memberships.LinkAsync(actor, link, id, found.Id, ct)) is { } refusal) return refusal;
        }

        foreach (var gone in there.Where(t => !wanted.Contains(t.Name)))
            if (Of(await memberships.UnlinkAsync(actor, link, id, gone.Id, ct)) is { } refusal) return refusal;
        return null;
    }

    private static JsonObject Patch(ConfigurationChange change, JsonObject entry)
    {
        var patch = new JsonObject();
        foreach (var member in change.Members) patch[member.Name] = entry[member.Name]?.DeepClone();
        return patch;
    }

    /// <summary>Null where nothing is said of it; empty where it is to go.</summary>
    private static string? Text(JsonObject entry, string member) => !entry.TryGetPropertyValue(member, out var value) ? null : value is JsonValue text && text.TryGetValue<string>(out var said) ? said : value?.ToJsonString() ?? "";

    private static JsonElement Json(JsonObject entry) => JsonSerializer.SerializeToElement(entry);

    private static Refusal? Of<T>(Outcome<T> outcome) where T : class => outcome.TryGet(out _, out var refusal) ? null : refusal;

    private static string Words(Refusal refusal) => refusal.Objections.Count > 0 ? string.Join(" ", refusal.Objections.Select(static o => o.Message)) : refusal.Kind switch
    {
        RefusalKind.NotFound => "It is not there any more.",
        RefusalKind.Stale => "It was changed by somebody else at the same moment.",
        _ => "It could not be done now.",
    };
}
