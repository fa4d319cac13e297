using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Tokens;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Interaction;

/// <summary>Where a person is signed in, and how they end that (ASVS 7.5.2). Every verb takes the session of the one who asks: nobody ends somebody else's.</summary>
public sealed class OwnSessions(ISessionStore store, IGrantList grants, IDeviceStore devices, IOptions<AccountOptions> options, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>The present one first, then the others by their last use. What was left unused for too long is over already and is not shown.</summary>
    public async Task<IReadOnlyList<Session>> ListAsync(CurrentSession current, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var idle = TimeSpan.FromMinutes(options.Value.SessionIdleMinutes);
        var all = await store.ListAsync(current.Session.UserId, now, ct);
        return [.. all.Where(s => IsThis(current, s.Id) || s.Persistent || now - s.LastSeenAt <= idle).OrderByDescending(s => IsThis(current, s.Id))];
    }

    /// <summary>Ends one session with the grants that live by it. False where it is not one of this person's, or has ended.</summary>
    public async Task<bool> TryEndAsync(CurrentSession current, string sessionId, string? address, CancellationToken ct)
    {
        if (await store.FindAsync(sessionId, ct) is not { } found || !string.Equals(found.Session.UserId, current.Session.UserId, StringComparison.Ordinal)) return false;
        if (!await store.TryEndAsync(sessionId, clock.GetUtcNow(), ct)) return false;
        audit.Record(new AuditEvent(AuditKind.SessionEnded, Subject: current.Session.UserId, SessionId: sessionId, Address: address, Detail: "by the person"));
        return true;
    }

    /// <summary>Ends all but the one that asks. Answers how many there were.</summary>
    public async Task<int> EndOthersAsync(CurrentSession current, string? address, CancellationToken ct)
    {
        var ended = await store.EndAllAsync(current.Session.UserId, current.Session.Id, clock.GetUtcNow(), ct);
        if (ended > 0) audit.Record(new AuditEvent(AuditKind.SessionEnded, Subject: current.Session.UserId, Address: address, Detail: "all others, by the person"));
        return ended;
    }

    /// <summary>
    /// After a change of how the person signs in (ASVS 7.4.3): also what outlives its session falls, for whoever knew the old password may have granted it to an app of theirs.
    /// </summary>
    public async Task EndEverythingElseAsync(CurrentSession current, string? address, CancellationToken ct)
    {
        await EndOthersAsync(current, address, ct);
        await grants.RevokeElsewhereAsync(current.Session.UserId, current.Session.Id, clock.GetUtcNow(), ct);
        await devices.DistrustAllAsync(current.Session.UserId, ct);
    }

    private static bool IsThis(CurrentSession current, string id) => string.Equals(current.Session.Id, id, StringComparison.Ordinal);
}
