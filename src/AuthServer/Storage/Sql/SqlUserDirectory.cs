using AuthServer.Engine.Directory;

namespace AuthServer.Storage.Sql;

/// <summary>Who is what in the directory, for whoever waits for an answer by the millisecond, and the joining and parting, which must be one statement each.</summary>
internal sealed class SqlUserDirectory(SqlDatabase database, TimeProvider clock)
{
    private const string ReadSql = $"""
        SELECT u.organization_id, ({UserDirectoryColumns.OrganizationName}), ({UserDirectoryColumns.Roles}), ({UserDirectoryColumns.Groups}), ({UserDirectoryColumns.Permissions})
        FROM users u WHERE u.id = @user
        """;

    public async Task<UserDirectory> ReadAsync(string userId, CancellationToken ct) => await database.FindAsync(ReadSql, static row => UserDirectoryColumns.Read(row, 0), ct, ("user", userId)) ?? UserDirectory.None;

    private const string PowerSql = $"SELECT u.is_administrator, ({UserDirectoryColumns.Permissions}) FROM users u WHERE u.id = @user";

    public Task<PersonPower?> PowerOfAsync(string userId, CancellationToken ct) =>
        database.FindAsync(PowerSql, static row => new PersonPower(row.GetBoolean(0), UserDirectoryColumns.Names(row.TextOrNull(1))), ct, ("user", userId));

    private const string RequiresSecondFactorSql = """
        SELECT u.id FROM users u WHERE u.id = @user AND (
            EXISTS (SELECT 1 FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = u.id AND r.requires_second_factor = TRUE)
            OR EXISTS (SELECT 1 FROM user_groups ug JOIN group_roles gr ON gr.group_id = ug.group_id JOIN roles r ON r.id = gr.role_id WHERE ug.user_id = u.id AND r.requires_second_factor = TRUE))
        """;

    public async Task<bool> RequiresSecondFactorAsync(string userId, CancellationToken ct) => await database.FindAsync(RequiresSecondFactorSql, static row => row.GetString(0), ct, ("user", userId)) is not null;

    private const string RightsOfRoleSql = "SELECT p.name FROM role_rights rr JOIN rights p ON p.id = rr.right_id WHERE rr.role_id = @role";

    public Task<IReadOnlyList<string>> RightsOfRoleAsync(string roleId, CancellationToken ct) => database.ListAsync(RightsOfRoleSql, static row => row.GetString(0), ct, ("role", roleId));

    private const string RightsOfGroupSql = "SELECT DISTINCT p.name FROM group_roles gr JOIN role_rights rr ON rr.role_id = gr.role_id JOIN rights p ON p.id = rr.right_id WHERE gr.group_id = @group";

    public Task<IReadOnlyList<string>> RightsOfGroupAsync(string groupId, CancellationToken ct) => database.ListAsync(RightsOfGroupSql, static row => row.GetString(0), ct, ("group", groupId));

    private const string JoinUserGroupSql = "INSERT INTO user_groups (user_id, group_id, created_at) SELECT u.id, g.id, @now FROM users u, groups g WHERE u.id = @left AND g.id = @right ON CONFLICT (user_id, group_id) DO NOTHING";
    private const string JoinUserRoleSql = "INSERT INTO user_roles (user_id, role_id, created_at) SELECT u.id, r.id, @now FROM users u, roles r WHERE u.id = @left AND r.id = @right ON CONFLICT (user_id, role_id) DO NOTHING";
    private const string JoinGroupRoleSql = "INSERT INTO group_roles (group_id, role_id) SELECT g.id, r.id FROM groups g, roles r WHERE g.id = @left AND r.id = @right ON CONFLICT (group_id, role_id) DO NOTHING";
    private const string JoinRoleRightSql = "INSERT INTO role_rights (role_id, right_id) SELECT r.id, p.id FROM roles r, rights p WHERE r.id = @left AND p.id = @right ON CONFLICT (role_id, right_id) DO NOTHING";
    private const string PartUserGroupSql = "DELETE FROM user_groups WHERE user_id = @left AND group_id = @right";
    private const string PartUserRoleSql = "DELETE FROM user_roles WHERE user_id = @left AND role_id = @right";
    private const string PartGroupRoleSql = "DELETE FROM group_roles WHERE group_id = @left AND role_id = @right";
    private const string PartRoleRightSql = "DELETE FROM role_rights WHERE role_id = @left AND right_id = @right";
    private const string HasUserGroupSql = "SELECT user_id FROM user_groups WHERE user_id = @left AND group_id = @right";
    private const string HasUserRoleSql = "SELECT user_id FROM user_roles WHERE user_id = @left AND role_id = @right";
    private const string HasGroupRoleSql = "SELECT group_id FROM group_roles WHERE group_id = @left AND role_id = @right";
    private const string HasRoleRightSql = "SELECT role_id FROM role_rights WHERE role_id = @left AND right_id = @right";

    /// <summary>See <see cref="IDirectoryStore.TryLinkAsync"/>.</summary>
    public async Task<bool?> TryLinkAsync(DirectoryLink link, string leftId, string rightId, CancellationToken ct)
    {
        (string, object?)[] sides = [("left", leftId), ("right", rightId)];
        var (join, has) = link switch
        {
            DirectoryLink.UserGroup => (JoinUserGroupSql, HasUserGroupSql), DirectoryLink.UserRole => (JoinUserRoleSql, HasUserRoleSql),
            DirectoryLink.GroupRole => (JoinGroupRoleSql, HasGroupRoleSql), _ => (JoinRoleRightSql, HasRoleRightSql),
        };
        if (await database.ExecuteAsync(join, ct, link is DirectoryLink.UserGroup or DirectoryLink.UserRole ? [.. sides, ("now", clock.GetUtcNow().Ms())] : sides) == 1) return true;
        return await database.FindAsync(has, static row => row.GetString(0), ct, sides) is null ? null : false;
    }

    /// <summary>See <see cref="IDirectoryStore.TryUnlinkAsync"/>.</summary>
    public async Task<bool> TryUnlinkAsync(DirectoryLink link, string leftId, string rightId, CancellationToken ct) => await database.ExecuteAsync(link switch
    {
        DirectoryLink.UserGroup => PartUserGroupSql, DirectoryLink.UserRole => PartUserRoleSql, DirectoryLink.GroupRole => PartGroupRoleSql, _ => PartRoleRightSql,
    }, ct, ("left", leftId), ("right", rightId)) == 1;

    private const string SetOrganizationSql = """
        UPDATE users SET organization_id = @organization, concurrency_stamp = @stamp
        WHERE id = @user AND organization_id IS DISTINCT FROM @organization AND EXISTS (SELECT 1 FROM organizations o WHERE o.id = @organization)
        """;

    private const string LeaveOrganizationSql = "UPDATE users SET organization_id = NULL, concurrency_stamp = @stamp WHERE id = @user AND organization_id IS NOT NULL";
    private const string IsThereSql = "SELECT id FROM organizations WHERE id = @organization";

    /// <summary>See <see cref="IDirectoryStore.TrySetOrganizationAsync"/>.</summary>
    public async Task<bool?> TrySetOrganizationAsync(string userId, string? organizationId, CancellationToken ct)
    {
        var stamp = Guid.NewGuid().ToString();
        if (organizationId is null) return await database.ExecuteAsync(LeaveOrganizationSql, ct, ("user", userId), ("stamp", stamp)) == 1;
        if (await database.ExecuteAsync(SetOrganizationSql, ct, ("user", userId), ("organization", organizationId), ("stamp", stamp)) == 1) return true;
        return await database.FindAsync(IsThereSql, static row => row.GetString(0), ct, ("organization", organizationId)) is null ? null : false;
    }
}
