namespace AuthServer.Engine.Administration.Configuration;

/// <summary>What a configuration's document is made of, in the order in which it is applied: each may name those before it.</summary>
internal sealed record ConfigurationKind(string Name, string Word, string Key, IReadOnlyList<string> Members, params IReadOnlyList<string> Links)
{
    public static readonly ConfigurationKind Rights = new("rights", "right", "name", ["name", "description"]);
    public static readonly ConfigurationKind Roles = new("roles", "role", "name", ["name", "description", "requires_second_factor"], "rights");
    public static readonly ConfigurationKind Organizations = new("organizations", "organization", "name", ["name", "display_name", "description", "external_id", "identity_provider"]);
    public static readonly ConfigurationKind Groups = new("groups", "group", "name", ["name", "description", "organization", "external_id"], "roles");

    /// <summary>Their members are checked where they are read.</summary>
    public static readonly ConfigurationKind Scopes = new("scopes", "scope", "name", []);
    public static readonly ConfigurationKind Clients = new("clients", "client", "client_id", []);

    public static IReadOnlyList<ConfigurationKind> All { get; } = [Rights, Roles, Organizations, Groups, Scopes, Clients];

    /// <summary>Names of the directory are the same whatever their case; ids of clients and names of scopes are not.</summary>
    public StringComparer Names => Members.Count > 0 ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
}

public enum ConfigurationAct
{
    Created,
    Changed,

    /// <summary>It is as the document says already.</summary>
    Left,
    Refused,

    /// <summary>The document does not name it. It stays as it is.</summary>
    OnlyHere,
}

/// <summary>What became of one entry, or would become of it.</summary>
/// <param name="Kind"><c>role</c>, <c>client</c> …</param>
/// <param name="Members">Those that differ, by their names.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="Secret">Of a new client that needs one: the only moment at which the value exists outside the client.</param>
public sealed record ConfigurationChange(string Kind, string Name, ConfigurationAct Act, IReadOnlyList<MemberChange> Members, string? Reason = null, string? Secret = null)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{Act} {Kind} {Name}";
}

/// <param name="Before">JSON; null: it had none.</param>
/// <param name="After">JSON; null: taken away.</param>
public sealed record MemberChange(string Name, string? Before, string? After);
