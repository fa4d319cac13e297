using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;

namespace AuthServer.Admin;

/// <summary><c>/organizations</c>. The people of one are <c>/users?organization_id=…</c>, its groups <c>/groups?organization_id=…</c>.</summary>
internal sealed class OrganizationsResource : IAdminResource
{
    private const string Path = "/organizations";
    private const string One = Path + "/{id}";

    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet(Path, ListAsync).Needs(AdminRights.DirectoryRead).Produces<PageAnswer<OrganizationAnswer>>().Paged()
            .Query("search", "The beginning of the name, whatever the case.").Query("user_id", "The one this person belongs to.");
        admin.MapPost(Path, CreateAsync).Needs(AdminRights.DirectoryWrite).Accepts<OrganizationBody>("application/json").Produces<OrganizationAnswer>(StatusCodes.Status201Created);
        admin.MapGet(One, FindAsync).Needs(AdminRights.DirectoryRead).Produces<OrganizationAnswer>();
        admin.MapPatch(One, UpdateAsync).Needs(AdminRights.DirectoryWrite).Accepts<OrganizationBody>("application/json", "application/merge-patch+json").Produces<OrganizationAnswer>();
        admin.MapDelete(One, RemoveAsync).Needs(AdminRights.DirectoryWrite).Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, DirectoryAdministration directory) => AdminAnswers.Of(
        await directory.ListAsync<Organization>(http.Actor(), new DirectoryFilter { Search = http.Query("search"), UserId = http.Query("user_id") }, http.PageRequest(), http.RequestAborted),
        static page => AdminAnswers.Page(page, OrganizationAnswer.Of));

    private static async Task<IResult> FindAsync(HttpContext http, string id, DirectoryAdministration directory) =>
        AdminAnswers.Of(await directory.FindAsync<Organization>(http.Actor(), id, http.RequestAborted), Answer);

    private static async Task<IResult> CreateAsync(HttpContext http, DirectoryAdministration directory)
    {
        var (body, fault) = await http.ReadBodyAsync<OrganizationBody>(http.RequestAborted);
        if (body is null) return fault!;
        return AdminAnswers.Of(await directory.CreateOrganizationAsync(http.Actor(), body.Form(), http.RequestAborted), static o => AdminAnswers.Created($"{Path}/{o.Id}", OrganizationAnswer.Of(o), o.Version));
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, string id, DirectoryAdministration directory)
    {
        var (body, fault) = await http.ReadBodyAsync<OrganizationBody>(http.RequestAborted);
        return body is null ? fault! : AdminAnswers.Of(await directory.UpdateOrganizationAsync(http.Actor(), id, body.Form(), http.IfMatchNumber(), http.RequestAborted), Answer);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string id, DirectoryAdministration directory) =>
        AdminAnswers.Of(await directory.RemoveOrganizationAsync(http.Actor(), id, http.IfMatchNumber(), http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static IResult Answer(Organization o) => AdminAnswers.Ok(OrganizationAnswer.Of(o), o.Version);
}

/// <summary>An organization to create, or what to change of one.</summary>
internal sealed record OrganizationBody
{
    public string? Name { get; init; } = MergePatch.LeftOut;
    public string? DisplayName { get; init; } = MergePatch.LeftOut;
    public string? Description { get; init; } = MergePatch.LeftOut;

    /// <summary>A JSON object that this server keeps and does not read.</summary>
    public JsonElement? IdentityProvider { get; init; } = default(JsonElement);
    public string? ExternalId { get; init; } = MergePatch.LeftOut;

    public OrganizationForm Form() => new()
    {
        Name = MergePatch.Text(Name),
        DisplayName = MergePatch.Text(DisplayName),
        Description = MergePatch.Text(Description),
        ExternalId = MergePatch.Text(ExternalId),
        // Left out it is what it began as, undefined; a null that was sent arrives as no value.
        IdentityProvider = IdentityProvider switch { null => Null, { ValueKind: JsonValueKind.Undefined } => null, var json => json },
    };

    private static readonly JsonElement Null = JsonSerializer.Deserialize<JsonElement>("null");
}
