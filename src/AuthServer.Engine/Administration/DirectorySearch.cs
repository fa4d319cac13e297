using AuthServer.Engine.Directory;

namespace AuthServer.Engine.Administration;

/// <summary>Database verbs of <see cref="DirectorySearch"/>.</summary>
public interface IDirectorySearchStore
{
    Task<EntrySlice<Person>> PeopleAsync(Condition condition, EntryOrder order, int skip, int take, CancellationToken ct);

    Task<EntrySlice<Group>> GroupsAsync(Condition condition, EntryOrder order, int skip, int take, CancellationToken ct);

    /// <summary>By the ids of group and member.</summary>
    Task<IReadOnlyList<GroupMember>> MembersAsync(IReadOnlyCollection<string> groupIds, CancellationToken ct);

    /// <summary>By the ids of group and member.</summary>
    Task<IReadOnlyList<GroupMember>> GroupsOfAsync(IReadOnlyCollection<string> userIds, CancellationToken ct);
}

/// <summary>People and groups by any condition and by position, for protocols that ask so (RFC 7644 §3.4.2). The database looks; nothing is loaded but what is shown.</summary>
public sealed class DirectorySearch(IDirectorySearchStore store)
{
    public async Task<Outcome<EntrySlice<Person>>> PeopleAsync(Actor actor, Condition condition, EntryOrder order, int skip, int take, CancellationToken ct) => actor.May(AdminRights.UsersRead)
        ? await store.PeopleAsync(condition, order, Math.Max(0, skip), Math.Clamp(take, 0, PageRequest.MaximumLimit), ct)
        : Refusal.Lacks(AdminRights.UsersRead);

    public async Task<Outcome<EntrySlice<Group>>> GroupsAsync(Actor actor, Condition condition, EntryOrder order, int skip, int take, CancellationToken ct) => actor.May(AdminRights.DirectoryRead)
        ? await store.GroupsAsync(condition, order, Math.Max(0, skip), Math.Clamp(take, 0, PageRequest.MaximumLimit), ct)
        : Refusal.Lacks(AdminRights.DirectoryRead);

    /// <summary>Everybody in these groups.</summary>
    public async Task<Outcome<IReadOnlyList<GroupMember>>> MembersAsync(Actor actor, IReadOnlyCollection<string> groupIds, CancellationToken ct) =>
        actor.May(AdminRights.DirectoryRead) ? Outcome.Of(groupIds.Count == 0 ? [] : await store.MembersAsync(groupIds, ct)) : Refusal.Lacks(AdminRights.DirectoryRead);

    /// <summary>All groups of these people.</summary>
    public async Task<Outcome<IReadOnlyList<GroupMember>>> GroupsOfAsync(Actor actor, IReadOnlyCollection<string> userIds, CancellationToken ct) =>
        actor.May(AdminRights.DirectoryRead) ? Outcome.Of(userIds.Count == 0 ? [] : await store.GroupsOfAsync(userIds, ct)) : Refusal.Lacks(AdminRights.DirectoryRead);
}
