namespace AuthServer.Engine.Clients;

/// <summary>The claims that tell a person's place in the directory; each has a scope of the same name.</summary>
public static class DirectoryClaims
{
    public const string Roles = "roles";
    public const string Groups = "groups";
    public const string Permissions = "permissions";

    /// <summary>The organization's id.</summary>
    public const string Org = "org";

    /// <summary>Goes with <see cref="Org"/>.</summary>
    public const string OrgName = "org_name";

    /// <summary>Those that can be asked for.</summary>
    public static IReadOnlyList<string> All { get; } = [Roles, Groups, Permissions, Org];

    public static bool Contains(string claim) => claim is Roles or Groups or Permissions or Org or OrgName;
}
