namespace AuthServer.Engine.Directory;

/// <summary>Which of a kind; what is null does not matter.</summary>
public sealed record DirectoryFilter
{
    /// <summary>The name begins like this, whatever the case.</summary>
    public string? Search { get; init; }

    /// <summary>Groups of this organization.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Groups this person is in; roles they have themselves, not by a group; the organization they belong to.</summary>
    public string? UserId { get; init; }

    /// <summary>Roles of this group.</summary>
    public string? GroupId { get; init; }

    /// <summary>Rights of this role; groups that have it.</summary>
    public string? RoleId { get; init; }

    /// <summary>Roles that hold this right.</summary>
    public string? RightId { get; init; }
}

/// <summary>What can be joined, and which side is named first.</summary>
public enum DirectoryLink
{
    UserGroup,
    UserRole,
    GroupRole,
    RoleRight,
}

/// <summary>How a write ended.</summary>
public enum EntryWrite
{
    Done,
    NameTaken,

    /// <summary>It has another version than the writer saw.</summary>
    Stale,
    Gone,
}

/// <summary>Database verbs of the directory.</summary>
public interface IDirectoryStore
{
    /// <summary>What the person is in the end, in one command; nothing for somebody unknown.</summary>
    Task<UserDirectory> ReadAsync(string userId, CancellationToken ct);

    /// <summary>By name. The order and <paramref name="afterName"/> go by the name in capitals.</summary>
    Task<IReadOnlyList<T>> ListAsync<T>(DirectoryFilter filter, string? afterName, int most, CancellationToken ct) where T : DirectoryEntry;

    Task<T?> FindAsync<T>(string id, CancellationToken ct) where T : DirectoryEntry;

    Task<T?> FindByNameAsync<T>(string name, CancellationToken ct) where T : DirectoryEntry;

    Task<EntryWrite> TryAddAsync<T>(T entry, CancellationToken ct) where T : DirectoryEntry;

    /// <summary>Writes all members where the stored version is that of <paramref name="entry"/>; it is one more afterwards.</summary>
    Task<EntryWrite> TryUpdateAsync<T>(T entry, CancellationToken ct) where T : DirectoryEntry;

    /// <param name="version">Null: whatever version it has.</param>
    Task<EntryWrite> TryRemoveAsync<T>(string id, long? version, CancellationToken ct) where T : DirectoryEntry;

    /// <summary>Null where one side does not exist; false where they were joined already.</summary>
    Task<bool?> TryLinkAsync(DirectoryLink link, string leftId, string rightId, CancellationToken ct);

    /// <summary>False where they were not joined.</summary>
    Task<bool> TryUnlinkAsync(DirectoryLink link, string leftId, string rightId, CancellationToken ct);

    /// <summary>The person belongs to this organization from now on, or to none. Null where the person or the organization does not exist; false where it was so already.</summary>
    Task<bool?> TrySetOrganizationAsync(string userId, string? organizationId, CancellationToken ct);

    /// <summary>Names of the rights somebody gets by this role.</summary>
    Task<IReadOnlyList<string>> RightsOfRoleAsync(string roleId, CancellationToken ct);

    /// <summary>Names of the rights somebody gets by this group.</summary>
    Task<IReadOnlyList<string>> RightsOfGroupAsync(string groupId, CancellationToken ct);

    /// <summary>Whether one of the person's roles, their own or a group's, is for people with a second factor only.</summary>
    Task<bool> RequiresSecondFactorAsync(string userId, CancellationToken ct);

    /// <summary>What power a person has over this server; null for nobody.</summary>
    Task<PersonPower?> PowerOfAsync(string userId, CancellationToken ct);
}

/// <param name="Permissions">Names of all rights of the person.</param>
public sealed record PersonPower(bool IsAdministrator, IReadOnlyList<string> Permissions);
