namespace AuthServer.Engine.Administration;

public enum ActorKind
{
    User,

    /// <summary>A client with a token of its own (client credentials).</summary>
    Client,

    /// <summary>An organization's API key.</summary>
    Organization,

    /// <summary>Whoever can run the program on the server's machine.</summary>
    CommandLine,
}

/// <summary>Who administers, and what they may do. Every act of the administration asks here; nothing of it asks elsewhere.</summary>
public sealed record Actor
{
    public required ActorKind Kind { get; init; }

    /// <summary>The user's id, the client's or the organization's.</summary>
    public required string Id { get; init; }
    public string? Name { get; init; }

    /// <summary>Has every right, now and in later versions. Only they touch other administrators.</summary>
    public bool IsAdministrator { get; init; }

    /// <summary>Rights of this server (<see cref="AdminRights"/>) only.</summary>
    public required IReadOnlySet<string> Rights { get; init; }
    public string? Address { get; init; }

    /// <summary>How the audit trail names them.</summary>
    public string AuditName => Kind switch { ActorKind.User => "user:" + Id, ActorKind.Client => "client:" + Id, ActorKind.Organization => "organization:" + Id, _ => "command line" };

    public bool May(string right) =>
        IsAdministrator || Rights.Contains(right) || (Rights.Contains(AdminRights.Read) && right.EndsWith(":read", StringComparison.Ordinal));

    /// <summary>
    /// Nobody hands on, or takes power over somebody who has, what they do not have themselves: otherwise the right to change people would be every right.
    /// Names that open nothing of this server do not count.
    /// </summary>
    public bool Covers(IEnumerable<string> rights) => IsAdministrator || rights.Where(AdminRights.Contains).All(May);
}
