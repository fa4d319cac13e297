using System.Globalization;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;

namespace AuthServer.Engine.Administration;

/// <summary>A sign-in somewhere, as the administration sees it.</summary>
public sealed record ListedSession(string Id, string UserId, string UserName, DateTimeOffset CreatedAt, DateTimeOffset AuthTime, IReadOnlyList<string> Amr, string Acr, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, string? Address, string? UserAgent, bool Persistent);

/// <summary>Which sessions that stand; what is null does not matter.</summary>
public sealed record SessionFilter(string? UserId = null, string? Address = null);

/// <summary>Database verbs of sessions and grants, as the administration needs them.</summary>
public interface ISessionList
{
    /// <summary>Those that stand, the newest first.</summary>
    /// <param name="after">Created at and id of the last one shown.</param>
    Task<IReadOnlyList<ListedSession>> ListAsync(SessionFilter filter, (DateTimeOffset CreatedAt, string Id)? after, int most, DateTimeOffset now, CancellationToken ct);

    /// <summary>The person it belongs to; null where it does not stand.</summary>
    Task<string?> OwnerAsync(string sessionId, DateTimeOffset now, CancellationToken ct);

    /// <summary>False where the person has no such grant, or it was revoked before.</summary>
    Task<bool> TryRevokeGrantAsync(string userId, string grantId, DateTimeOffset now, CancellationToken ct);
}

/// <summary>Where people are signed in and what they granted to apps; and how that is ended for them.</summary>
public sealed class SessionAdministration(ISessionList list, ISessionStore sessions, IGrantList grants, ITokenStore tokens, IPeopleStore people, Reach reach, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>The newest first.</summary>
    public async Task<Outcome<Page<ListedSession>>> ListAsync(Actor actor, SessionFilter filter, PageRequest request, CancellationToken ct)
    {
        if (!actor.May(AdminRights.SessionsRead)) return Refusal.Lacks(AdminRights.SessionsRead);
        var after = Cursor.Read(request.Cursor, 2) is [var at, var id] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? (DateTimeOffset.FromUnixTimeMilliseconds(ms), id) : ((DateTimeOffset, string)?)null;
        var limit = Math.Clamp(request.Limit, 1, PageRequest.MaximumLimit);
        var found = await list.ListAsync(filter, after, limit + 1, clock.GetUtcNow(), ct);
        return found.Count <= limit
            ? new Page<ListedSession>(found, null)
            : new Page<ListedSession>([.. found.Take(limit)], Cursor.Write(found[limit - 1].CreatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), found[limit - 1].Id));
    }

    public async Task<Outcome<Page<ListedSession>>> OfPersonAsync(Actor actor, string userId, PageRequest request, CancellationToken ct)
    {
        if (!actor.May(AdminRights.SessionsRead)) return Refusal.Lacks(AdminRights.SessionsRead);
        return await people.FindAsync(userId, ct) is null ? Refusal.NotFound : await ListAsync(actor, new SessionFilter(userId), request, ct);
    }

    /// <summary>With everything that lives and dies with it.</summary>
    public async Task<Outcome<Done>> EndAsync(Actor actor, string sessionId, CancellationToken ct)
    {
        if (!actor.May(AdminRights.SessionsWrite)) return Refusal.Lacks(AdminRights.SessionsWrite);
        if (await list.OwnerAsync(sessionId, clock.GetUtcNow(), ct) is not { } owner) return Refusal.NotFound;
        if (await reach.OverPersonAsync(actor, owner, ct) is { } tooFar) return tooFar;
        if (!await sessions.TryEndAsync(sessionId, clock.GetUtcNow(), ct)) return Refusal.NotFound;
        audit.Record(new AuditEvent(AuditKind.SessionEnded, Subject: owner, SessionId: sessionId, Address: actor.Address, Detail: "by an administrator", Actor: actor.AuditName));
        return Done.It;
    }

    /// <summary>Signs the person out everywhere, and stops every token of theirs.</summary>
    public async Task<Outcome<Done>> EndAllAsync(Actor actor, string userId, CancellationToken ct)
    {
        if (await MayNotAsync(actor, userId, ct) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        await sessions.EndAllAsync(userId, null, now, ct);
        await tokens.RevokeGrantsOfUserAsync(userId, now, ct);
        audit.Record(new AuditEvent(AuditKind.SessionEnded, Subject: userId, Address: actor.Address, Detail: "all, by an administrator", Actor: actor.AuditName));
        return Done.It;
    }

    /// <summary>All that are kept, the newest first, at most a thousand.</summary>
    public async Task<Outcome<IReadOnlyList<GrantSummary>>> GrantsAsync(Actor actor, string userId, CancellationToken ct)
    {
        if (!actor.May(AdminRights.SessionsRead)) return Refusal.Lacks(AdminRights.SessionsRead);
        if (await people.FindAsync(userId, ct) is null) return Refusal.NotFound;
        return Outcome.Of(await grants.ListAsync(userId, clock.GetUtcNow(), ct));
    }

    public async Task<Outcome<Done>> RevokeGrantAsync(Actor actor, string userId, string grantId, CancellationToken ct)
    {
        if (await MayNotAsync(actor, userId, ct) is { } refusal) return refusal;
        if (!await list.TryRevokeGrantAsync(userId, grantId, clock.GetUtcNow(), ct)) return Refusal.NotFound;
        audit.Record(new AuditEvent(AuditKind.GrantRevoked, Subject: userId, Address: actor.Address, Detail: "by an administrator", Actor: actor.AuditName, Target: "grant:" + grantId));
        return Done.It;
    }

    private async Task<Refusal?> MayNotAsync(Actor actor, string userId, CancellationToken ct) =>
        actor.May(AdminRights.SessionsWrite) ? await reach.OverPersonAsync(actor, userId, ct) : Refusal.Lacks(AdminRights.SessionsWrite);
}
