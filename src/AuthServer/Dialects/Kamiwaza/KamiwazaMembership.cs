using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>Brings a person's groups (by id) and roles (by name) to what a list says. No list: nothing changes.</summary>
internal sealed class KamiwazaMembership(DirectoryAdministration directory, Memberships memberships)
{
    /// <summary>What is wrong with the lists, said before anything is changed.</summary>
    public async Task<Raw?> ObjectionAsync(Actor actor, IReadOnlyList<string>? groups, IReadOnlyList<string>? roles, CancellationToken ct)
    {
        foreach (var group in groups ?? [])
            if (!(await directory.FindAsync<Group>(actor, group, ct)).TryGet(out _, out var refusal)) return refusal.Kind == RefusalKind.NotFound ? Unknown("groups", "There is no such group") : KamiwazaRefusals.Of(refusal, "Group");
        foreach (var role in OfDirectory(roles))
            if (!(await directory.FindByNameAsync<Role>(actor, role, ct)).TryGet(out _, out var refusal)) return refusal.Kind == RefusalKind.NotFound ? Unknown("roles", "There is no such role") : KamiwazaRefusals.Of(refusal, "Role");
        return null;
    }

    /// <remarks>A role that somebody has by a group stays: it goes with the group.</remarks>
    public async Task<Refusal?> SetAsync(Actor actor, string userId, IReadOnlyList<string>? groups, IReadOnlyList<string>? roles, CancellationToken ct)
    {
        if (groups is null && roles is null) return null;
        if (!(await directory.OfUserAsync(actor, userId, ct)).TryGet(out var place, out var refusal)) return refusal;
        var changes = new List<(DirectoryLink Link, string Id, bool Join)>();
        if (groups is not null)
        {
            changes.AddRange(groups.Where(id => !place.Groups.Any(g => g.Id == id)).Select(static id => (DirectoryLink.UserGroup, id, true)));
            changes.AddRange(place.Groups.Where(g => !groups.Contains(g.Id, StringComparer.Ordinal)).Select(static g => (DirectoryLink.UserGroup, g.Id, false)));
        }

        if (roles is not null)
        {
            foreach (var name in OfDirectory(roles).Where(name => !place.Effective.Roles.Contains(name, StringComparer.OrdinalIgnoreCase)))
                if ((await directory.FindByNameAsync<Role>(actor, name, ct)).TryGet(out var role, out _)) changes.Add((DirectoryLink.UserRole, role.Id, true));
            changes.AddRange(place.Roles.Where(r => !roles.Contains(r.Name, StringComparer.OrdinalIgnoreCase)).Select(static r => (DirectoryLink.UserRole, r.Id, false)));
        }

        foreach (var (link, id, join) in changes)
        {
            var outcome = join ? await memberships.LinkAsync(actor, link, userId, id, ct) : await memberships.UnlinkAsync(actor, link, userId, id, ct);
            if (!outcome.TryGet(out _, out refusal)) return refusal;
        }

        return null;
    }

    /// <summary>The role of administrators is a mark of the person here, no entry of the directory.</summary>
    private static IEnumerable<string> OfDirectory(IReadOnlyList<string>? roles) => (roles ?? []).Where(static r => r != KamiwazaShapes.AdminRole);

    private static Raw Unknown(string field, string message) => FastApi.Unprocessable(FastApi.Fault("value_error", message, null, "body", field));
}
