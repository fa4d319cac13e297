using System.Text.Json.Nodes;
using AuthServer.Engine.Accounts;

namespace AuthServer.Engine.Administration.Imports;

/// <summary>A person as another system describes them. What is null was not said.</summary>
public sealed record ImportedPerson
{
    /// <summary>Any Guid, in any of its usual forms; null: a new one.</summary>
    public string? Id { get; init; }

    /// <summary>Positive, 32 bits; null: the next free one.</summary>
    public int? Number { get; init; }

    /// <summary>Null: the e-mail address.</summary>
    public string? UserName { get; init; }
    public string? Email { get; init; }
    public bool EmailVerified { get; init; }
    public string? PhoneNumber { get; init; }
    public bool PhoneNumberVerified { get; init; }

    /// <summary>The other standard claims by their wire names (OpenID Connect Core §5.1).</summary>
    public JsonObject Claims { get; init; } = [];

    /// <summary>As the other system stored it. Null, or what begins with <c>!</c> or <c>*</c>: no password.</summary>
    public string? PasswordHash { get; init; }
    public bool PasswordResetRequired { get; init; }
    public bool Disabled { get; init; }
    public string? ExternalId { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Names.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Names.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>A name.</summary>
    public string? Organization { get; init; }

    /// <summary>Never the hash.</summary>
    public override string ToString() => UserName ?? Email ?? "?";
}

/// <summary>One line of a file of people.</summary>
/// <param name="Line">From 1, as an editor counts.</param>
/// <param name="Person">Null: the line cannot be read.</param>
/// <param name="Fault">Why not, without anything of the line that could be a secret.</param>
public sealed record PersonLine(int Line, ImportedPerson? Person, string? Fault = null);

/// <summary>How people are taken over.</summary>
public sealed record PeopleImportOptions
{
    /// <summary>Look and report, write nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whoever is here already is passed over instead of refused: so an import that was broken off goes on.</summary>
    public bool Resume { get; init; }

    /// <summary>Roles, groups and organizations that do not exist are made.</summary>
    public bool CreateMissing { get; init; }

    /// <summary>What is read, for the audit trail: a file's name.</summary>
    public string Source { get; init; } = "";
}

/// <summary>A line that was not taken over.</summary>
public sealed record RefusedLine(int Line, string Reason);

/// <summary>What became of some lines.</summary>
/// <param name="Formats">How many came with which kind of password hash; <c>none</c> counts those without one.</param>
/// <param name="Created">Roles, groups and organizations that were made, as <c>role:name</c>.</param>
public sealed record PeopleImported(int Added, int Skipped, IReadOnlyDictionary<string, int> Formats, IReadOnlyList<RefusedLine> Refused, IReadOnlyList<string> Created);

/// <summary>A person who passed every rule, ready to be written.</summary>
public sealed record PersonToAdd(int Line, User User, IReadOnlyList<string> RoleIds, IReadOnlyList<string> GroupIds);

/// <summary>Who of some people is here already. Names and addresses in capitals.</summary>
public sealed record PeopleThere(IReadOnlySet<string> Ids, IReadOnlySet<int> Numbers, IReadOnlySet<string> UserNames, IReadOnlySet<string> VerifiedEmails);

/// <summary>Database verbs of bringing in many people.</summary>
public interface IPeopleImportStore
{
    Task<PeopleThere> FindAsync(IReadOnlyCollection<string> ids, IReadOnlyCollection<int> numbers, IReadOnlyCollection<string> userNames, IReadOnlyCollection<string> verifiedEmails, CancellationToken ct);

    /// <summary>All with everything that is theirs, or none. Whose number is 0 gets the next free one.</summary>
    /// <exception cref="System.Data.Common.DbException">One of them is somebody else's double, or the database is away.</exception>
    Task AddAsync(IReadOnlyList<PersonToAdd> people, CancellationToken ct);
}
