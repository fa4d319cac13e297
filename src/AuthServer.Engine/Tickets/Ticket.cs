namespace AuthServer.Engine.Tickets;

/// <summary>What one kind of ticket is for and how long it is good.</summary>
/// <typeparam name="T">What is remembered; written as JSON.</typeparam>
/// <param name="Purpose">Part of the key: a ticket of one purpose is nothing to another.</param>
public sealed record TicketKind<T>(string Purpose, TimeSpan Lifetime);

/// <summary>A ticket that nobody has taken yet.</summary>
/// <param name="UserId">Whom it is for; null where nobody is known.</param>
public sealed record OpenTicket<T>(string? UserId, T Payload, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>A ticket as its row.</summary>
public sealed record StoredTicket(string Purpose, byte[] Hash, string? UserId, string Payload, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>Database verbs of tickets.</summary>
public interface ITicketStore
{
    Task AddAsync(StoredTicket ticket, CancellationToken ct);

    /// <summary>Null where it is unknown, taken or expired.</summary>
    Task<StoredTicket?> FindAsync(string purpose, byte[] hash, DateTimeOffset now, CancellationToken ct);

    /// <summary>The newest one of this purpose that is for this user; null where there is none that is good.</summary>
    Task<StoredTicket?> FindNewestAsync(string purpose, string userId, DateTimeOffset now, CancellationToken ct);

    /// <summary>Takes it out: exactly one caller gets it.</summary>
    Task<StoredTicket?> TryTakeAsync(string purpose, byte[] hash, DateTimeOffset now, CancellationToken ct);

    /// <summary>False where it is gone or no longer says <paramref name="from"/>: somebody else was first.</summary>
    Task<bool> TryChangeAsync(string purpose, byte[] hash, string from, string to, CancellationToken ct);

    /// <summary>Takes out all of one purpose that are for this user.</summary>
    Task DropAsync(string purpose, string userId, CancellationToken ct);
}
