using AuthServer.Engine.Directory;

namespace AuthServer.Engine.Administration;

/// <summary>How far an actor reaches: nobody changes somebody who may do more, and nobody hands on what they do not have.</summary>
public sealed class Reach(IDirectoryStore directory)
{
    /// <summary>Null: the actor may change this person.</summary>
    public async Task<Refusal?> OverPersonAsync(Actor actor, string userId, CancellationToken ct)
    {
        if (await directory.PowerOfAsync(userId, ct) is not { } power) return Refusal.NotFound;
        if (power.IsAdministrator && !actor.IsAdministrator) return Refusal.NotYours("Only an administrator changes an administrator.");
        return actor.Covers(power.Permissions) ? null : Refusal.NotYours("This person has rights that you do not have.");
    }

    /// <summary>Null: the actor may give and take this role.</summary>
    public async Task<Refusal?> OverRoleAsync(Actor actor, string roleId, CancellationToken ct) =>
        actor.Covers(await directory.RightsOfRoleAsync(roleId, ct)) ? null : Refusal.NotYours("This role holds rights that you do not have.");

    /// <summary>Null: the actor may put people into this group, take them out, and change it.</summary>
    public async Task<Refusal?> OverGroupAsync(Actor actor, string groupId, CancellationToken ct) =>
        actor.Covers(await directory.RightsOfGroupAsync(groupId, ct)) ? null : Refusal.NotYours("This group gives rights that you do not have.");
}
