using System.Data.Common;
using AuthServer.Engine.Directory;

namespace AuthServer.Storage.Sql;

/// <summary>What a person is in the directory, as sub-queries of any statement that has the person as <c>u</c>.</summary>
internal static class UserDirectoryColumns
{
    /// <summary>No name holds a line break.</summary>
    private const string Separator = "'\n'";

    /// <summary>Direct roles and those of the person's groups.</summary>
    private const string RoleIds = "SELECT ur.role_id FROM user_roles ur WHERE ur.user_id = u.id UNION SELECT gr.role_id FROM user_groups ug JOIN group_roles gr ON gr.group_id = ug.group_id WHERE ug.user_id = u.id";

    public const string OrganizationName = "SELECT o.name FROM organizations o WHERE o.id = u.organization_id";
    public const string Roles = $"SELECT string_agg(ro.name, {Separator}) FROM roles ro WHERE ro.id IN ({RoleIds})";
    public const string Groups = $"SELECT string_agg(gp.name, {Separator}) FROM user_groups m JOIN groups gp ON gp.id = m.group_id WHERE m.user_id = u.id";
    public const string Permissions = $"SELECT string_agg(p.name, {Separator}) FROM rights p WHERE p.id IN (SELECT rr.right_id FROM role_rights rr WHERE rr.role_id IN ({RoleIds}))";

    /// <param name="first">The first of five columns: organization's id and name, roles, groups, permissions.</param>
    public static UserDirectory Read(DbDataReader row, int first) => new()
    {
        OrganizationId = row.TextOrNull(first),
        OrganizationName = row.TextOrNull(first + 1),
        Roles = Names(row.TextOrNull(first + 2)),
        Groups = Names(row.TextOrNull(first + 3)),
        Permissions = Names(row.TextOrNull(first + 4)),
    };

    public static string[] Names(string? joined)
    {
        if (joined is null) return [];
        var names = joined.Split('\n');
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
