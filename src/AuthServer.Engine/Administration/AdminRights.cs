namespace AuthServer.Engine.Administration;

/// <summary>What may be done to this server. Each is a right of the directory, which roles can hold, and a reserved scope, which tokens can carry.</summary>
public static class AdminRights
{
    /// <summary>Includes every right that ends in <c>:read</c>.</summary>
    public const string Read = "admin:read";
    public const string UsersRead = "users:read";

    /// <summary>People: create, change, disable, passwords, second factors, delete.</summary>
    public const string UsersWrite = "users:write";
    public const string DirectoryRead = "directory:read";

    /// <summary>Organizations, groups, and who is in them.</summary>
    public const string DirectoryWrite = "directory:write";

    /// <summary>Roles, rights, and who has them.</summary>
    public const string RolesWrite = "roles:write";
    public const string ClientsRead = "clients:read";

    /// <summary>Clients and scopes.</summary>
    public const string ClientsWrite = "clients:write";
    public const string SessionsRead = "sessions:read";

    /// <summary>End sessions, revoke what was granted.</summary>
    public const string SessionsWrite = "sessions:write";
    public const string KeysRead = "keys:read";

    /// <summary>Signing keys.</summary>
    public const string KeysWrite = "keys:write";
    public const string ApiKeysRead = "api_keys:read";

    /// <summary>API keys of others. To make one, the right to change its owner is needed as well: whoever holds it acts as they do.</summary>
    public const string ApiKeysWrite = "api_keys:write";
    public const string AuditRead = "audit:read";

    public static IReadOnlyList<(string Name, string Description)> All { get; } =
    [
        (Read, "Read everything in the administration"),
        (UsersRead, "Read people"),
        (UsersWrite, "Create, change, disable and delete people"),
        (DirectoryRead, "Read organizations, groups, roles and rights"),
        (DirectoryWrite, "Change organizations, groups and who is in them"),
        (RolesWrite, "Change roles and rights, and who has them"),
        (ClientsRead, "Read clients and scopes"),
        (ClientsWrite, "Create, change and delete clients and scopes"),
        (SessionsRead, "Read sessions and what was granted"),
        (SessionsWrite, "End sessions and revoke what was granted"),
        (KeysRead, "Read signing keys, never their secrets"),
        (KeysWrite, "Rotate signing keys"),
        (ApiKeysRead, "Read API keys, never their secrets"),
        (ApiKeysWrite, "Create, change and revoke API keys"),
        (AuditRead, "Search and export the audit trail"),
    ];

    private static readonly HashSet<string> Names = All.Select(static r => r.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a right or scope of this name opens something of this server.</summary>
    public static bool Contains(string name) => Names.Contains(name);
}
