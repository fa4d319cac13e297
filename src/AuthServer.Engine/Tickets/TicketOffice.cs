using System.Text.Json;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Tickets;

/// <summary>
/// What the server remembers between two steps of a person: a sign-in that still lacks a factor, a passkey's challenge, a link in a mail. The browser or the mail holds a
/// handle, the database its hash; taking a ticket is deleting its row, so whatever a ticket allows is allowed once.
/// </summary>
public sealed class TicketOffice(ITicketStore store, TimeProvider clock)
{
    /// <summary>Answers the handle; only its hash is stored.</summary>
    /// <param name="userId">Whom it is for. It goes when the user goes.</param>
    public async Task<string> IssueAsync<T>(TicketKind<T> kind, string? userId, T payload, CancellationToken ct)
    {
        var handle = Handle.New();
        var now = clock.GetUtcNow();
        await store.AddAsync(new StoredTicket(kind.Purpose, handle.Hash(), userId, Write(payload), now, now + kind.Lifetime), ct);
        return handle.Reveal();
    }

    /// <summary>Looks without taking. Null where the handle is unknown, used or too old.</summary>
    public async Task<OpenTicket<T>?> FindAsync<T>(TicketKind<T> kind, string? handle, CancellationToken ct) =>
        Handle.TryRead(handle, out var read) ? Open<T>(await store.FindAsync(kind.Purpose, read.Hash(), clock.GetUtcNow(), ct)) : null;

    /// <summary>Looks for the newest one of a person whose client cannot hold a handle. Null where there is none that is good.</summary>
    public async Task<OpenTicket<T>?> FindNewestAsync<T>(TicketKind<T> kind, string userId, CancellationToken ct) => Open<T>(await store.FindNewestAsync(kind.Purpose, userId, clock.GetUtcNow(), ct));

    /// <summary>For exactly one caller; null for all others.</summary>
    public async Task<OpenTicket<T>?> TryTakeAsync<T>(TicketKind<T> kind, string? handle, CancellationToken ct) =>
        Handle.TryRead(handle, out var read) ? Open<T>(await store.TryTakeAsync(kind.Purpose, read.Hash(), clock.GetUtcNow(), ct)) : null;

    /// <summary>Replaces what is remembered, unless it was changed or taken meanwhile.</summary>
    public async Task<bool> TryChangeAsync<T>(TicketKind<T> kind, string handle, T from, T to, CancellationToken ct) =>
        Handle.TryRead(handle, out var read) && await store.TryChangeAsync(kind.Purpose, read.Hash(), Write(from), Write(to), ct);

    /// <summary>All of this kind that are for this user lose their worth.</summary>
    public Task DropAsync<T>(TicketKind<T> kind, string userId, CancellationToken ct) => store.DropAsync(kind.Purpose, userId, ct);

    private static string Write<T>(T payload) => JsonSerializer.Serialize(payload);

    private static OpenTicket<T>? Open<T>(StoredTicket? stored) =>
        stored is null ? null : new OpenTicket<T>(stored.UserId, JsonSerializer.Deserialize<T>(stored.Payload)!, stored.CreatedAt, stored.ExpiresAt);
}
