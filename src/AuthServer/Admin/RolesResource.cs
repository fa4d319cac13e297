using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;

namespace AuthServer.Admin;

/// <summary><c>/roles</c> with the rights they hold and the people who have them. Who has one directly is read as <c>/users?role_id=…</c>, its rights as <c>/rights?role_id=…</c>.</summary>
internal sealed class RolesResource : IAdminResource
{
    private const string Path = "/roles";
    private const string One = Path + "/{id}";

    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet(Path, ListAsync).Needs(AdminRights.DirectoryRead).Produces<PageAnswer<RoleAnswer>>().Paged()
            .Query("search", "The beginning of the name, whatever the case.").Query("user_id", "Roles this person has directly.").Query("group_id", "Roles of this group.").Query("right_id", "Roles that hold this right.");
        admin.MapPost(Path, CreateAsync).Needs(AdminRights.RolesWrite).Accepts<RoleBody>("application/json").Produces<RoleAnswer>(StatusCodes.Status201Created);
        admin.MapGet(One, FindAsync).Needs(AdminRights.DirectoryRead).Produces<RoleAnswer>();
        admin.MapPatch(One, UpdateAsync).Needs(AdminRights.RolesWrite).Accepts<RoleBody>("application/json", "application/merge-patch+json").Produces<RoleAnswer>();
        admin.MapDelete(One, RemoveAsync).Needs(AdminRights.RolesWrite).Produces(StatusCodes.Status204NoContent);
        admin.MapPut(One + "/rights/{rightId}", AddRightAsync).Needs(AdminRights.RolesWrite).Produces(StatusCodes.Status204NoContent);
        admin.MapDelete(One + "/rights/{rightId}", RemoveRightAsync).Needs(AdminRights.RolesWrite).Produces(StatusCodes.Status204NoContent);
        admin.MapPut(One + "/users/{userId}", AddUserAsync).Needs(AdminRights.RolesWrite).Produces(StatusCodes.Status204NoContent);
        admin.MapDelete(One + "/users/{userId}", RemoveUserAsync).Needs(AdminRights.RolesWrite).Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, DirectoryAdministration directory) => AdminAnswers.Of(
        await directory.ListAsync<Role>(
            http.Actor(), new DirectoryFilter { Search = http.Query("search"), UserId = http.Query("user_id"), GroupId = http.Query("group_id"), RightId = http.Query("right_id") }, http.PageRequest(), http.RequestAborted),
        static page => AdminAnswers.Page(page, RoleAnswer.Of));

    private static async Task<IResult> FindAsync(HttpContext http, string id, DirectoryAdministration directory) => AdminAnswers.Of(await directory.FindAsync<Role>(http.Actor(), id, http.RequestAborted), Answer);

    private static async Task<IResult> CreateAsync(HttpContext http, DirectoryAdministration directory)
    {
        var (body, fault) = await http.ReadBodyAsync<RoleBody>(http.RequestAborted);
        if (body is null) return fault!;
        return AdminAnswers.Of(await directory.CreateRoleAsync(http.Actor(), body.Form(), http.RequestAborted), static r => AdminAnswers.Created($"{Path}/{r.Id}", RoleAnswer.Of(r), r.Version));
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, string id, DirectoryAdministration directory)
    {
        var (body, fault) = await http.ReadBodyAsync<RoleBody>(http.RequestAborted);
        return body is null ? fault! : AdminAnswers.Of(await directory.UpdateRoleAsync(http.Actor(), id, body.Form(), http.IfMatchNumber(), http.RequestAborted), Answer);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string id, DirectoryAdministration directory) =>
        AdminAnswers.Of(await directory.RemoveRoleAsync(http.Actor(), id, http.IfMatchNumber(), http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> AddRightAsync(HttpContext http, string id, string rightId, Memberships memberships) =>
        AdminAnswers.Of(await memberships.LinkAsync(http.Actor(), DirectoryLink.RoleRight, id, rightId, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> RemoveRightAsync(HttpContext http, string id, string rightId, Memberships memberships) =>
        AdminAnswers.Of(await memberships.UnlinkAsync(http.Actor(), DirectoryLink.RoleRight, id, rightId, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> AddUserAsync(HttpContext http, string id, string userId, Memberships memberships) =>
        AdminAnswers.Of(await memberships.LinkAsync(http.Actor(), DirectoryLink.UserRole, userId, id, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> RemoveUserAsync(HttpContext http, string id, string userId, Memberships memberships) =>
        AdminAnswers.Of(await memberships.UnlinkAsync(http.Actor(), DirectoryLink.UserRole, userId, id, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static IResult Answer(Role r) => AdminAnswers.Ok(RoleAnswer.Of(r), r.Version);
}

/// <summary>A role to create, or what to change of one.</summary>
internal sealed record RoleBody
{
    public string? Name { get; init; } = MergePatch.LeftOut;
    public string? Description { get; init; } = MergePatch.LeftOut;

    /// <summary>Whoever has the role signs in with a second factor.</summary>
    public bool? RequiresSecondFactor { get; init; }

    public RoleForm Form() => new() { Name = MergePatch.Text(Name), Description = MergePatch.Text(Description), RequiresSecondFactor = RequiresSecondFactor };
}
