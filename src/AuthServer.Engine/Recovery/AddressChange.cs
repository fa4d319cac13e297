using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Mail;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tickets;

namespace AuthServer.Engine.Recovery;

/// <summary>Another address for an account. It counts when its owner has confirmed it; the old one is told at once (ASVS 6.3.7).</summary>
public sealed class AddressChange(TicketOffice tickets, ConfirmedAddress addresses, SignInBrake brake, IPostOffice post, Issuer issuer, IAuditTrail audit, TimeProvider clock)
{
    private static readonly TicketKind<Wanted> Kind = new("change-address", TimeSpan.FromDays(1));

    /// <param name="From">What the account had when it asked; null for none.</param>
    /// <param name="Stamp">The account's security stamp then: whoever answers a change that was not theirs by a new password has ended it.</param>
    private sealed record Wanted(string? From, string To, string? Stamp)
    {
        public bool IsFor(User user) => string.Equals(user.Email, From, StringComparison.Ordinal) && string.Equals(user.SecurityStamp, Stamp, StringComparison.Ordinal);
    }

    /// <summary>One plain address that a mail program reads as one.</summary>
    public static bool IsAddress(string text) => Registration.IsEmailAddress(text);

    /// <summary>False where this account, or anybody for this address, asked too often. Whether the address is somebody else's is told to its owner only.</summary>
    public async Task<bool> TryBeginAsync(User user, string address, string? source, string? device, CancellationToken ct)
    {
        if (!IsAddress(address)) throw new ArgumentException("Not an address.", nameof(address));
        if (await brake.ReserveAsync("change-address:" + user.Id, null, ct) is not null || await brake.ReserveAsync(ConfirmedAddress.BrakeName(address), null, ct) is not null) return false;
        await tickets.DropAsync(Kind, user.Id, ct);
        if (user is { EmailConfirmed: true, Email: { } old })
        {
            post.Post(new Letter { Kind = MailKind.AddressChanged, To = old, Name = user.UserName, Values = new Dictionary<string, string>(LetterValues.Of(clock.GetUtcNow(), source, device)) { ["what"] = address } });
        }

        // A link that nobody is told of costs the same time as one that is sent: the time says nothing about the address.
        var taken = await addresses.IsTakenAsync(address, user.Id, ct);
        var handle = await tickets.IssueAsync(Kind, user.Id, new Wanted(user.Email, address, user.SecurityStamp), ct);
        post.Post(taken
            ? new Letter { Kind = MailKind.AddressInUse, To = address }
            : new Letter { Kind = MailKind.ConfirmNewAddress, To = address, Name = user.UserName, Values = new Dictionary<string, string> { ["link"] = issuer.Url("/confirm?code=" + handle) } });
        return true;
    }

    public async Task<bool> IsOpenAsync(string? code, CancellationToken ct) => await tickets.FindAsync(Kind, code, ct) is not null;

    public async Task<bool> TryConfirmAsync(string? code, CancellationToken ct)
    {
        if (await tickets.TryTakeAsync(Kind, code, ct) is not { UserId: { } userId, Payload: var wanted }) return false;
        if (!await addresses.TrySetAsync(userId, wanted.To, wanted.IsFor, ct)) return false;
        audit.Record(new AuditEvent(AuditKind.EmailChanged, Subject: userId));
        return true;
    }
}
