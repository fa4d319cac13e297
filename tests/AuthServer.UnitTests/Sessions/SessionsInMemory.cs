using AuthServer.Engine.Sessions;

namespace AuthServer.UnitTests.Sessions;

internal sealed class SessionsInMemory : ISessionStore
{
    public Dictionary<string, Session> Rows { get; } = [];
    public HashSet<string> UsersShutOut { get; } = [];
    public HashSet<string> Administrators { get; } = [];
    public int Reads { get; private set; }
    public int Touches { get; private set; }

    public Task AddAsync(Session session, CancellationToken ct)
    {
        Rows.Add(session.Id, session);
        return Task.CompletedTask;
    }

    public Task<StandingSession?> FindAsync(string id, CancellationToken ct)
    {
        Reads++;
        return Task.FromResult(Rows.TryGetValue(id, out var row)
            ? new StandingSession(row, "name of " + row.UserId, !UsersShutOut.Contains(row.UserId)) { IsAdministrator = Administrators.Contains(row.UserId) }
            : null);
    }

    public Task<bool> TryRenewAsync(string id, byte[] keyHash, DateTimeOffset authTime, IReadOnlyList<string> amr, string acr, DateTimeOffset expiresAt, bool persistent, CancellationToken ct)
    {
        if (!Rows.TryGetValue(id, out var row) || row.EndedAt is not null) return Task.FromResult(false);
        Rows[id] = row with { KeyHash = keyHash, AuthTime = authTime, LastSeenAt = authTime, Amr = amr, Acr = acr, ExpiresAt = expiresAt, Persistent = persistent };
        return Task.FromResult(true);
    }

    public Task<bool> TryReplaceSecretAsync(string id, byte[] keyHash, CancellationToken ct)
    {
        if (!Rows.TryGetValue(id, out var row) || row.EndedAt is not null) return Task.FromResult(false);
        Rows[id] = row with { KeyHash = keyHash };
        return Task.FromResult(true);
    }

    public Task TouchAsync(string id, DateTimeOffset lastSeenAt, CancellationToken ct)
    {
        Touches++;
        Rows[id] = Rows[id] with { LastSeenAt = lastSeenAt };
        return Task.CompletedTask;
    }

    public Task<bool> TryEndAsync(string id, DateTimeOffset now, CancellationToken ct)
    {
        if (!Rows.TryGetValue(id, out var row) || row.EndedAt is not null) return Task.FromResult(false);
        Rows[id] = row with { EndedAt = now };
        return Task.FromResult(true);
    }

    public Task<int> EndAllAsync(string userId, string? exceptId, DateTimeOffset now, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<Session>> ListAsync(string userId, DateTimeOffset now, CancellationToken ct) => throw new NotSupportedException();
}
