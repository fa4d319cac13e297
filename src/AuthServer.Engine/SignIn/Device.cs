namespace AuthServer.Engine.SignIn;

/// <summary>A browser in which this person signed in before.</summary>
/// <param name="TrustedUntil">Until when no second factor is asked for here; null: always asked.</param>
public sealed record KnownDevice(string UserId, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, DateTimeOffset? TrustedUntil);

/// <summary>A browser as it signs in now.</summary>
/// <param name="Hash">SHA-256 of the handle in its cookie.</param>
/// <param name="TrustedUntil">Null leaves what was said before.</param>
public sealed record SeenDevice(byte[] Hash, DateTimeOffset ExpiresAt, DateTimeOffset? TrustedUntil, string? Address, string? UserAgent);

/// <summary>A device as its user may see it: nothing in it helps to pass for it.</summary>
public sealed record DeviceSummary(DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, DateTimeOffset? TrustedUntil, string? Address, string? UserAgent);

/// <summary>Database verbs of devices.</summary>
public interface IDeviceStore
{
    /// <summary>Null where it is unknown to this user, or forgotten.</summary>
    Task<KnownDevice?> FindAsync(string userId, byte[] hash, DateTimeOffset now, CancellationToken ct);

    /// <summary>Whether this user ever signed in anywhere.</summary>
    Task<bool> AnyAsync(string userId, CancellationToken ct);

    Task NoteAsync(string userId, SeenDevice device, DateTimeOffset now, CancellationToken ct);

    /// <summary>The one used last first.</summary>
    Task<IReadOnlyList<DeviceSummary>> ListAsync(string userId, CancellationToken ct);

    /// <summary>Every device is asked for the second factor again.</summary>
    Task DistrustAllAsync(string userId, CancellationToken ct);
}
