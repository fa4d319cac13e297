using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;

namespace AuthServer.Admin;

/// <summary><c>/groups</c> with their members and roles. The members of one are read as <c>/users?group_id=…</c>, its roles as <c>/roles?group_id=…</c>.</summary>
internal sealed class GroupsResource : IAdminResource
{
    private const string Path = "/groups";
    private const string One = Path + "/{id}";

    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet(Path, ListAsync).Needs(AdminRights.DirectoryRead).Produces<PageAnswer<GroupAnswer>>().Paged()
            .Query("search", "The beginning of the name, whatever the case.").Query("user_id", "Groups this person is in.").Query("organization_id", "Groups of this organization.").Query("role_id", "Groups that have this role.");
        admin.MapPost(Path, CreateAsync).Needs(AdminRights.DirectoryWrite).Accepts<GroupBody>("application/json").Produces<GroupAnswer>(StatusCodes.Status201Created);
        admin.MapGet(One, FindAsync).Needs(AdminRights.DirectoryRead).Produces<GroupAnswer>();
        admin.MapPatch(One, UpdateAsync).Needs(AdminRights.DirectoryWrite).Accepts<GroupBody>("application/json", "application/merge-patch+json").Produces<GroupAnswer>();
        admin.MapDelete(One, RemoveAsync).Needs(AdminRights.DirectoryWrite).Produces(StatusCodes.Status204NoContent);
        admin.MapPut(One + "/members/{userId}", AddMemberAsync).Needs(AdminRights.DirectoryWrite).Produces(StatusCodes.Status204NoContent);
        admin.MapDelete(One + "/members/{userId}", RemoveMemberAsync).Needs(AdminRights.DirectoryWrite).Produces(StatusCodes.Status204NoContent);
        admin.MapPut(One + "/roles/{roleId}", AddRoleAsync).Needs(AdminRights.RolesWrite).Produces(StatusCodes.Status204NoContent);
        admin.MapDelete(One + "/roles/{roleId}", RemoveRoleAsync).Needs(AdminRights.RolesWrite).Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, DirectoryAdministration directory) => AdminAnswers.Of(
        await directory.ListAsync<Group>(
            http.Actor(), new DirectoryFilter { Search = http.Query("search"), UserId = http.Query("user_id"), OrganizationId = http.Query("organization_id"), RoleId = http.Query("role_id") }, http.PageRequest(), http.RequestAborted),
        static page => AdminAnswers.Page(page, GroupAnswer.Of));

    private static async Task<IResult> FindAsync(HttpContext http, string id, DirectoryAdministration directory) => AdminAnswers.Of(await directory.FindAsync<Group>(http.Actor(), id, http.RequestAborted), Answer);

    private static async Task<IResult> CreateAsync(HttpContext http, DirectoryAdministration directory)
    {
        var (body, fault) = await http.ReadBodyAsync<GroupBody>(http.RequestAborted);
        if (body is null) return fault!;
        return AdminAnswers.Of(await directory.CreateGroupAsync(http.Actor(), body.Form(), http.RequestAborted), static g => AdminAnswers.Created($"{Path}/{g.Id}", GroupAnswer.Of(g), g.Version));
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, string id, DirectoryAdministration directory)
    {
        var (body, fault) = await http.ReadBodyAsync<GroupBody>(http.RequestAborted);
        return body is null ? fault! : AdminAnswers.Of(await directory.UpdateGroupAsync(http.Actor(), id, body.Form(), http.IfMatchNumber(), http.RequestAborted), Answer);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string id, DirectoryAdministration directory) =>
        AdminAnswers.Of(await directory.RemoveGroupAsync(http.Actor(), id, http.IfMatchNumber(), http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> AddMemberAsync(HttpContext http, string id, string userId, Memberships memberships) =>
        AdminAnswers.Of(await memberships.LinkAsync(http.Actor(), DirectoryLink.UserGroup, userId, id, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> RemoveMemberAsync(HttpContext http, string id, string userId, Memberships memberships) =>
        AdminAnswers.Of(await memberships.UnlinkAsync(http.Actor(), DirectoryLink.UserGroup, userId, id, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> AddRoleAsync(HttpContext http, string id, string roleId, Memberships memberships) =>
        AdminAnswers.Of(await memberships.LinkAsync(http.Actor(), DirectoryLink.GroupRole, id, roleId, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> RemoveRoleAsync(HttpContext http, string id, string roleId, Memberships memberships) =>
        AdminAnswers.Of(await memberships.UnlinkAsync(http.Actor(), DirectoryLink.GroupRole, id, roleId, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static IResult Answer(Group g) => AdminAnswers.Ok(GroupAnswer.Of(g), g.Version);
}

/// <summary>A group to create, or what to change of one.</summary>
internal sealed record GroupBody
{
    public string? Name { get; init; } = MergePatch.LeftOut;
    public string? Description { get; init; } = MergePatch.LeftOut;
    public string? OrganizationId { get; init; } = MergePatch.LeftOut;
    public string? ExternalId { get; init; } = MergePatch.LeftOut;

    public GroupForm Form() => new()
    {
        Name = MergePatch.Text(Name), Description = MergePatch.Text(Description), OrganizationId = MergePatch.Text(OrganizationId), ExternalId = MergePatch.Text(ExternalId),
    };
}
