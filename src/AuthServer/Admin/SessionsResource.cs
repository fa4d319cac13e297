using AuthServer.Engine.Administration;
using AuthServer.Engine.Tokens;

namespace AuthServer.Admin;

/// <summary><c>/sessions</c>, and the sessions and grants of a person.</summary>
internal sealed class SessionsResource : IAdminResource
{
    private const string Path = "/sessions";
    private const string OfUser = UsersResource.One + "/sessions";
    private const string GrantsOfUser = UsersResource.One + "/grants";

    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet(Path, ListAsync).Needs(AdminRights.SessionsRead).Produces<PageAnswer<SessionAnswer>>().Paged().Query("user_id", "Sessions of this person.").Query("address", "Sessions that began at this IP address.");
        admin.MapDelete(Path + "/{id}", EndAsync).Needs(AdminRights.SessionsWrite).WithName("end_session").WithSummary("End a session").Produces(StatusCodes.Status204NoContent);
        admin.MapGet(OfUser, OfUserAsync).Needs(AdminRights.SessionsRead).Produces<PageAnswer<SessionAnswer>>().Paged();
        admin.MapDelete(OfUser, EndAllAsync).Needs(AdminRights.SessionsWrite).WithName("end_user_sessions").WithSummary("Sign a user out everywhere").Produces(StatusCodes.Status204NoContent);
        admin.MapGet(GrantsOfUser, GrantsAsync).Needs(AdminRights.SessionsRead).Produces<PageAnswer<GrantAnswer>>();
        admin.MapDelete(GrantsOfUser + "/{grantId}", RevokeAsync).Needs(AdminRights.SessionsWrite).WithName("revoke_user_grant").WithSummary("Revoke what a user granted to an app").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, SessionAdministration sessions) =>
        AdminAnswers.Of(await sessions.ListAsync(http.Actor(), new SessionFilter(http.Query("user_id"), http.Query("address")), http.PageRequest(), http.RequestAborted), static page => AdminAnswers.Page(page, SessionAnswer.Of));

    private static async Task<IResult> OfUserAsync(HttpContext http, string id, SessionAdministration sessions) =>
        AdminAnswers.Of(await sessions.OfPersonAsync(http.Actor(), id, http.PageRequest(), http.RequestAborted), static page => AdminAnswers.Page(page, SessionAnswer.Of));

    private static async Task<IResult> EndAsync(HttpContext http, string id, SessionAdministration sessions) => AdminAnswers.Of(await sessions.EndAsync(http.Actor(), id, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> EndAllAsync(HttpContext http, string id, SessionAdministration sessions) => AdminAnswers.Of(await sessions.EndAllAsync(http.Actor(), id, http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static async Task<IResult> GrantsAsync(HttpContext http, string id, SessionAdministration sessions) =>
        AdminAnswers.Of(await sessions.GrantsAsync(http.Actor(), id, http.RequestAborted), static grants => AdminAnswers.Page(new Page<GrantSummary>(grants, null), GrantAnswer.Of));

    private static async Task<IResult> RevokeAsync(HttpContext http, string id, string grantId, SessionAdministration sessions) =>
        AdminAnswers.Of(await sessions.RevokeGrantAsync(http.Actor(), id, grantId, http.RequestAborted), static _ => AdminAnswers.NoContent);
}

/// <param name="AuthTime">When the person proved last who they are.</param>
/// <param name="Amr">By what (RFC 8176).</param>
internal sealed record SessionAnswer(
    string Id, string UserId, string UserName, DateTimeOffset CreatedAt, DateTimeOffset AuthTime, IReadOnlyList<string> Amr, string Acr, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, string? Address, string? UserAgent, bool Persistent)
{
    public static SessionAnswer Of(ListedSession s) => new(s.Id, s.UserId, s.UserName, s.CreatedAt, s.AuthTime, s.Amr, s.Acr, s.LastSeenAt, s.ExpiresAt, s.Address, s.UserAgent, s.Persistent);
}

/// <param name="Active">False where it was revoked, is past its end, or its session has ended.</param>
internal sealed record GrantAnswer(string Id, string ClientId, string? SessionId, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? RefreshedAt, bool Active)
{
    public static GrantAnswer Of(GrantSummary g) => new(g.Id, g.ClientId, g.SessionId, [.. g.Scopes], g.CreatedAt, g.ExpiresAt, g.RevokedAt, g.RefreshedAt, g.Stands);
}
