using AuthServer.Engine.Audit;
using AuthServer.Engine.Directory;

namespace AuthServer.Engine.Administration;

/// <summary>Who is in which group, has which role, belongs to which organization, and what roles hold. A change shows in introspection and UserInfo at once, in tokens with the next refresh.</summary>
public sealed class Memberships(IDirectoryStore store, Reach reach, IAuditTrail audit)
{
    /// <summary>Joins both; where they are joined already, nothing happens and all is well.</summary>
    public async Task<Outcome<Done>> LinkAsync(Actor actor, DirectoryLink link, string leftId, string rightId, CancellationToken ct)
    {
        if (await ObjectionAsync(actor, link, leftId, rightId, ct) is { } refusal) return refusal;
        if (await store.TryLinkAsync(link, leftId, rightId, ct) is not { } added) return Refusal.NotFound;
        if (added) Record(actor, link, leftId, rightId, "added");
        return Done.It;
    }

    /// <summary>Parts both; where they are not joined, nothing happens and all is well.</summary>
    public async Task<Outcome<Done>> UnlinkAsync(Actor actor, DirectoryLink link, string leftId, string rightId, CancellationToken ct)
    {
        if (await ObjectionAsync(actor, link, leftId, rightId, ct) is { } refusal) return refusal;
        if (await store.TryUnlinkAsync(link, leftId, rightId, ct)) Record(actor, link, leftId, rightId, "removed");
        // Of the other kinds one side was looked up already when it was asked how far the actor reaches.
        else if (link == DirectoryLink.GroupRole && (await store.FindAsync<Group>(leftId, ct) is null || await store.FindAsync<Role>(rightId, ct) is null)) return Refusal.NotFound;
        return Done.It;
    }

    /// <summary>Whether these people may be put into the group or taken out, said before anything is done. Null: they may.</summary>
    /// <param name="groupId">Null: a group that is only to be made, which gives nothing yet.</param>
    public async Task<Refusal?> ObjectionToMembersAsync(Actor actor, string? groupId, IEnumerable<string> userIds, CancellationToken ct)
    {
        if (!actor.May(AdminRights.DirectoryWrite)) return Refusal.Lacks(AdminRights.DirectoryWrite);
        if (groupId is not null && await reach.OverGroupAsync(actor, groupId, ct) is { } tooFar) return tooFar;
        foreach (var userId in userIds)
            if (await reach.OverPersonAsync(actor, userId, ct) is { } refusal) return refusal.Kind == RefusalKind.NotFound ? Refusal.Invalid(new Objection("members", "unknown", "There is no person with the id of one of the members.")) : refusal;
        return null;
    }

    /// <param name="organizationId">Null: to none.</param>
    public async Task<Outcome<Done>> SetOrganizationAsync(Actor actor, string userId, string? organizationId, CancellationToken ct)
    {
        if (!actor.May(AdminRights.DirectoryWrite)) return Refusal.Lacks(AdminRights.DirectoryWrite);
        if (await reach.OverPersonAsync(actor, userId, ct) is { } tooFar) return tooFar;
        if (await store.TrySetOrganizationAsync(userId, organizationId, ct) is not { } changed) return Refusal.Invalid(new Objection("organization_id", "unknown", "There is no such organization."));
        if (changed) audit.Record(new AuditEvent(AuditKind.MembershipChanged, Subject: userId, Address: actor.Address, Detail: organizationId is null ? "without an organization" : "of an organization", Actor: actor.AuditName, Target: organizationId is null ? null : "organization:" + organizationId));
        return Done.It;
    }

    private async Task<Refusal?> ObjectionAsync(Actor actor, DirectoryLink link, string leftId, string rightId, CancellationToken ct)
    {
        var right = link == DirectoryLink.UserGroup ? AdminRights.DirectoryWrite : AdminRights.RolesWrite;
        if (!actor.May(right)) return Refusal.Lacks(right);
        return link switch
        {
            DirectoryLink.UserGroup => await reach.OverPersonAsync(actor, leftId, ct) ?? await reach.OverGroupAsync(actor, rightId, ct),
            DirectoryLink.UserRole => await reach.OverPersonAsync(actor, leftId, ct) ?? await reach.OverRoleAsync(actor, rightId, ct),
            DirectoryLink.GroupRole => await reach.OverGroupAsync(actor, leftId, ct) ?? await reach.OverRoleAsync(actor, rightId, ct),
            _ => await reach.OverRoleAsync(actor, leftId, ct) ?? await OverRightAsync(actor, rightId, ct),
        };
    }

    private async Task<Refusal?> OverRightAsync(Actor actor, string rightId, CancellationToken ct)
    {
        if (await store.FindAsync<Right>(rightId, ct) is not { } right) return Refusal.NotFound;
        return actor.Covers([right.Name]) ? null : Refusal.NotYours("You do not have this right yourself.");
    }

    private void Record(Actor actor, DirectoryLink link, string leftId, string rightId, string detail)
    {
        var (left, right) = link switch
        {
            DirectoryLink.UserGroup => ("", "group:"), DirectoryLink.UserRole => ("", "role:"), DirectoryLink.GroupRole => ("group:", "role:"), _ => ("role:", "right:"),
        };
        audit.Record(left.Length == 0
            ? new AuditEvent(AuditKind.MembershipChanged, Subject: leftId, Address: actor.Address, Detail: detail, Actor: actor.AuditName, Target: right + rightId)
            : new AuditEvent(AuditKind.MembershipChanged, Address: actor.Address, Detail: detail + " " + right + rightId, Actor: actor.AuditName, Target: left + leftId));
    }
}
