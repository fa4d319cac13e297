using Microsoft.AspNetCore.Http;

namespace AuthServer.Engine.Sessions;

/// <summary>One browser's sign-in at this server, a row. <see cref="Id"/> is the <c>sid</c> of ID tokens (OpenID Connect Back-Channel Logout §2.1).</summary>
public sealed record Session
{
    public required string Id { get; init; }

    /// <summary>The user's id (not the pairwise subject).</summary>
    public required string UserId { get; init; }

    /// <summary>SHA-256 of the secret in the cookie. New at each sign-in, also where the session goes on (ASVS 7.2.4).</summary>
    public required byte[] KeyHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the person last proved who they are. Never moved by mere use.</summary>
    public required DateTimeOffset AuthTime { get; init; }

    /// <summary>RFC 8176 values, e.g. <c>pwd</c>.</summary>
    public required IReadOnlyList<string> Amr { get; init; }
    public required string Acr { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>The absolute end.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? Address { get; init; }
    public string? UserAgent { get; init; }

    /// <summary>True: the cookie outlives the browser window.</summary>
    public bool Persistent { get; init; }

    /// <summary>What the browser calls itself, cut to what a list can show.</summary>
    public static string? AgentOf(HttpContext http) => http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(agent.Length, 256)] : null;
}

/// <summary>A session read together with whether its user may still use it, in one command.</summary>
/// <param name="UserMaySignIn">False where the user is disabled, locked or deleted.</param>
public sealed record StandingSession(Session Session, string UserName, bool UserMaySignIn)
{
    public bool IsAdministrator { get; init; }
}

/// <summary>Database verbs of sessions.</summary>
public interface ISessionStore
{
    Task AddAsync(Session session, CancellationToken ct);

    Task<StandingSession?> FindAsync(string id, CancellationToken ct);

    /// <summary>The person proved who they are once more: new cookie secret, new <c>auth_time</c>, same <c>sid</c>. False where the session has ended meanwhile.</summary>
    Task<bool> TryRenewAsync(string id, byte[] keyHash, DateTimeOffset authTime, IReadOnlyList<string> amr, string acr, DateTimeOffset expiresAt, bool persistent, CancellationToken ct);

    /// <summary>A new cookie secret, and nothing else of the session changes. False where it has ended meanwhile.</summary>
    Task<bool> TryReplaceSecretAsync(string id, byte[] keyHash, CancellationToken ct);

    Task TouchAsync(string id, DateTimeOffset lastSeenAt, CancellationToken ct);

    /// <summary>Ends the session and revokes the grants that live and die with it, in one transaction. False where it had ended already.</summary>
    Task<bool> TryEndAsync(string id, DateTimeOffset now, CancellationToken ct);

    /// <summary>Ends every session of the user but <paramref name="exceptId"/>, with their grants.</summary>
    Task<int> EndAllAsync(string userId, string? exceptId, DateTimeOffset now, CancellationToken ct);

    Task<IReadOnlyList<Session>> ListAsync(string userId, DateTimeOffset now, CancellationToken ct);
}

/// <summary>The session of the browser that sent this request.</summary>
public sealed record CurrentSession(Session Session, string UserName)
{
    /// <summary>Known from the next request on; false in the very one that signs in.</summary>
    public bool IsAdministrator { get; init; }
}
