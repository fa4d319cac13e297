using AuthServer.Dialects.Answers;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;

namespace AuthServer.Dialects.Kamiwaza;

/// <summary>Joins and parts people and groups, groups and roles, roles and rights. The SDK sends neither a body nor a content type, and wants any JSON back: it gets the left one as it is then.</summary>
internal sealed class KamiwazaLinks(Memberships memberships, KamiwazaPeople people, KamiwazaDirectory directory)
{
    public static IReadOnlyList<(string Path, DirectoryLink Link)> All { get; } =
        [("/auth/users/{id}/groups/{other}", DirectoryLink.UserGroup), ("/auth/groups/{id}/roles/{other}", DirectoryLink.GroupRole), ("/auth/roles/{id}/rights/{other}", DirectoryLink.RoleRight)];

    public async Task<IResult> ChangeAsync(DialectRequest request, KamiwazaCaller caller, DirectoryLink link, bool join, CancellationToken ct)
    {
        if (KamiwazaRefusals.OfId(request, "id", out var id) is { } malformed) return malformed;
        if (KamiwazaRefusals.OfId(request, "other", out var other) is { } alsoMalformed) return alsoMalformed;
        var outcome = join ? await memberships.LinkAsync(caller.Actor, link, id, other, ct) : await memberships.UnlinkAsync(caller.Actor, link, id, other, ct);
        if (!outcome.TryGet(out _, out var refusal)) return KamiwazaRefusals.Of(refusal, link switch { DirectoryLink.UserGroup => "User or group", DirectoryLink.GroupRole => "Group or role", _ => "Role or right" });
        var shown = link == DirectoryLink.UserGroup ? await people.ShownAsync(request, caller, id, ct) : await directory.Kinds.First(k => k.Name == (link == DirectoryLink.GroupRole ? "groups" : "roles")).FindAsync(request, caller, ct);
        // It is done, also for somebody who may not look at the whole of it.
        return shown is Raw { Status: StatusCodes.Status403Forbidden } ? KamiwazaRefusals.Done(join ? "Added" : "Removed") : shown;
    }
}
