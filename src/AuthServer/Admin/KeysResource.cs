using AuthServer.Engine.Administration;

namespace AuthServer.Admin;

/// <summary><c>/keys</c>: the keys by which this server signs, never the keys themselves.</summary>
internal sealed class KeysResource : IAdminResource
{
    private const string Path = "/keys";

    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet(Path, ListAsync).Needs(AdminRights.KeysRead).Produces<PageAnswer<ServerKey>>();
        admin.MapPost(Path + "/rotate", RotateAsync).Needs(AdminRights.KeysWrite).Accepts<KeyRotationBody>("application/json").Produces<PageAnswer<ServerKey>>();
        admin.MapDelete(Path + "/{kid}", RemoveAsync).Needs(AdminRights.KeysWrite).Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, KeyAdministration keys) => AdminAnswers.Of(await keys.ListAsync(http.Actor(), http.RequestAborted), Answer);

    private static async Task<IResult> RotateAsync(HttpContext http, KeyAdministration keys)
    {
        var atOnce = false;
        if (http.Request.ContentLength is > 0 || http.Request.ContentType is not null)
        {
            var (body, fault) = await http.ReadBodyAsync<KeyRotationBody>(http.RequestAborted);
            if (body is null) return fault!;
            atOnce = body.AtOnce;
        }

        return AdminAnswers.Of(await keys.RotateAsync(http.Actor(), atOnce, http.RequestAborted), Answer);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string kid, KeyAdministration keys) => AdminAnswers.Of(await keys.RemoveAsync(http.Actor(), kid, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static IResult Answer(IReadOnlyList<ServerKey> keys) => AdminAnswers.Page(new Page<ServerKey>(keys, null), static key => key);
}

/// <param name="AtOnce">The present keys are compromised: the new ones sign from now on.</param>
internal sealed record KeyRotationBody(bool AtOnce = false);
