using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;

namespace AuthServer.Admin;

/// <summary><c>/rights</c>. The roles that hold one are read as <c>/roles?right_id=…</c>.</summary>
internal sealed class RightsResource : IAdminResource
{
    private const string Path = "/rights";
    private const string One = Path + "/{id}";

    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet(Path, ListAsync).Needs(AdminRights.DirectoryRead).Produces<PageAnswer<RightAnswer>>().Paged()
            .Query("search", "The beginning of the name, whatever the case.").Query("role_id", "Rights that this role holds.");
        admin.MapPost(Path, CreateAsync).Needs(AdminRights.RolesWrite).Accepts<RightBody>("application/json").Produces<RightAnswer>(StatusCodes.Status201Created);
        admin.MapGet(One, FindAsync).Needs(AdminRights.DirectoryRead).Produces<RightAnswer>();
        admin.MapPatch(One, UpdateAsync).Needs(AdminRights.RolesWrite).Accepts<RightBody>("application/json", "application/merge-patch+json").Produces<RightAnswer>();
        admin.MapDelete(One, RemoveAsync).Needs(AdminRights.RolesWrite).Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, DirectoryAdministration directory) => AdminAnswers.Of(
        await directory.ListAsync<Right>(http.Actor(), new DirectoryFilter { Search = http.Query("search"), RoleId = http.Query("role_id") }, http.PageRequest(), http.RequestAborted),
        static page => AdminAnswers.Page(page, RightAnswer.Of));

    private static async Task<IResult> FindAsync(HttpContext http, string id, DirectoryAdministration directory) => AdminAnswers.Of(await directory.FindAsync<Right>(http.Actor(), id, http.RequestAborted), Answer);

    private static async Task<IResult> CreateAsync(HttpContext http, DirectoryAdministration directory)
    {
        var (body, fault) = await http.ReadBodyAsync<RightBody>(http.RequestAborted);
        if (body is null) return fault!;
        return AdminAnswers.Of(await directory.CreateRightAsync(http.Actor(), body.Form(), http.RequestAborted), static r => AdminAnswers.Created($"{Path}/{r.Id}", RightAnswer.Of(r), r.Version));
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, string id, DirectoryAdministration directory)
    {
        var (body, fault) = await http.ReadBodyAsync<RightBody>(http.RequestAborted);
        return body is null ? fault! : AdminAnswers.Of(await directory.UpdateRightAsync(http.Actor(), id, body.Form(), http.IfMatchNumber(), http.RequestAborted), Answer);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string id, DirectoryAdministration directory) =>
        AdminAnswers.Of(await directory.RemoveRightAsync(http.Actor(), id, http.IfMatchNumber(), http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static IResult Answer(Right r) => AdminAnswers.Ok(RightAnswer.Of(r), r.Version);
}

/// <summary>A right to create, or what to change of one.</summary>
internal sealed record RightBody
{
    public string? Name { get; init; } = MergePatch.LeftOut;
    public string? Description { get; init; } = MergePatch.LeftOut;

    public RightForm Form() => new() { Name = MergePatch.Text(Name), Description = MergePatch.Text(Description) };
}
