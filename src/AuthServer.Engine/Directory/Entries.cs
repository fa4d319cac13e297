namespace AuthServer.Engine.Directory;

/// <summary>What organizations, groups, roles and rights have in common.</summary>
public abstract record DirectoryEntry
{
    /// <summary>A version 4 Guid in its 36-character lower-case form.</summary>
    public required string Id { get; init; }

    /// <summary>Unique among its kind, whatever the case; what claims say.</summary>
    public required string Name { get; init; }
    public string? Description { get; init; }

    /// <summary>Begins at 1 and grows with each write.</summary>
    public long Version { get; init; } = 1;
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A company, a school, a customer: people belong to one at most. Its groups go with it; its people stay. Claims <c>org</c> (the id) and <c>org_name</c>.</summary>
public sealed record Organization : DirectoryEntry
{
    public string? DisplayName { get; init; }

    /// <summary>What another system wants to remember about this organization's sign-in, one JSON object; this server only keeps it.</summary>
    public string? IdentityProvider { get; init; }

    /// <summary>What the system that provisions it calls it.</summary>
    public string? ExternalId { get; init; }
}

/// <summary>People who get the same roles. Claim <c>groups</c>.</summary>
public sealed record Group : DirectoryEntry
{
    /// <summary>Null: a group of the whole deployment.</summary>
    public string? OrganizationId { get; init; }
    public string? ExternalId { get; init; }
}

/// <summary>What somebody is for an app: a bundle of rights, given to people and to groups. Claim <c>roles</c>.</summary>
public sealed record Role : DirectoryEntry
{
    /// <summary>Whoever has this role signs in with a second factor.</summary>
    public bool RequiresSecondFactor { get; init; }
}

/// <summary>One thing that may be done, by a name that apps check. Claim <c>permissions</c>.</summary>
public sealed record Right : DirectoryEntry
{
    /// <summary>One of this server's own; it can be given, not changed or deleted.</summary>
    public bool BuiltIn { get; init; }
}

/// <summary>What a person is in the end: direct roles and those of their groups, with all their rights. Names, sorted.</summary>
public sealed record UserDirectory
{
    public static readonly UserDirectory None = new();

    public string? OrganizationId { get; init; }
    public string? OrganizationName { get; init; }
    public IReadOnlyList<string> Roles { get; init; } = [];
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyList<string> Permissions { get; init; } = [];
}
