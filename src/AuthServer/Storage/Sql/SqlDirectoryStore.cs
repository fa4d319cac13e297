using System.Data.Common;
using AuthServer.Engine.Directory;

namespace AuthServer.Storage.Sql;

/// <summary>The directory; see <see cref="IDirectoryStore"/>.</summary>
internal sealed class SqlDirectoryStore(SqlDatabase database) : IDirectoryStore
{
    /// <summary>No name holds a line break.</summary>
    private const string Separator = "'\n'";

    /// <summary>Direct roles and those of the person's groups.</summary>
    private const string RolesOf = "SELECT ur.role_id FROM user_roles ur WHERE ur.user_id = u.id UNION SELECT gr.role_id FROM user_groups ug JOIN group_roles gr ON gr.group_id = ug.group_id WHERE ug.user_id = u.id";

    private const string ReadSql = $"""
        SELECT u.organization_id, (SELECT o.name FROM organizations o WHERE o.id = u.organization_id),
               (SELECT string_agg(r.name, {Separator}) FROM roles r WHERE r.id IN ({RolesOf})),
               (SELECT string_agg(g.name, {Separator}) FROM user_groups m JOIN groups g ON g.id = m.group_id WHERE m.user_id = u.id),
               (SELECT string_agg(p.name, {Separator}) FROM rights p WHERE p.id IN (SELECT rr.right_id FROM role_rights rr WHERE rr.role_id IN ({RolesOf})))
        FROM users u WHERE u.id = @user
        """;

    public async Task<UserDirectory> ReadAsync(string userId, CancellationToken ct) => await database.FindAsync(ReadSql, static row => Read(row, 0), ct, ("user", userId)) ?? UserDirectory.None;

    /// <param name="first">The first of five columns: organization's id and name, roles, groups, permissions.</param>
    public static UserDirectory Read(DbDataReader row, int first) => new()
    {
        OrganizationId = row.TextOrNull(first),
        OrganizationName = row.TextOrNull(first + 1),
        Roles = Names(row.TextOrNull(first + 2)),
        Groups = Names(row.TextOrNull(first + 3)),
        Permissions = Names(row.TextOrNull(first + 4)),
    };

    private static string[] Names(string? joined)
    {
        if (joined is null) return [];
        var names = joined.Split('\n');
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
