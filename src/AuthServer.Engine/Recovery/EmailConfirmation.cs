using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Mail;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tickets;

namespace AuthServer.Engine.Recovery;

/// <summary>A person shows that the address they gave is theirs, by a link in a mail (ASVS 6.4.1). What a page says is the same whether the address is known here or not.</summary>
public sealed class EmailConfirmation(TicketOffice tickets, ConfirmedAddress addresses, SignInBrake brake, IPostOffice post, Issuer issuer, IAuditTrail audit)
{
    private static readonly TicketKind<string> Kind = new("confirm-email", TimeSpan.FromDays(1));

    /// <summary>False where this account, or anybody for this address, asked too often; nothing was sent then.</summary>
    public async Task<bool> TrySendAsync(User user, CancellationToken ct)
    {
        if (user.Email is not { Length: > 0 } address || user.EmailConfirmed) return true;
        if (await brake.ReserveAsync("confirm-email:" + user.Id, null, ct) is not null || await brake.ReserveAsync(ConfirmedAddress.BrakeName(address), null, ct) is not null) return false;

        // A link that nobody is told of costs the same time as one that is sent: the time says nothing about the address.
        var taken = await addresses.IsTakenAsync(address, user.Id, ct);
        await tickets.DropAsync(Kind, user.Id, ct);
        var handle = await tickets.IssueAsync(Kind, user.Id, address, ct);
        post.Post(taken
            ? new Letter { Kind = MailKind.AddressInUse, To = address }
            : new Letter { Kind = MailKind.ConfirmEmail, To = address, Name = user.UserName, Values = new Dictionary<string, string> { ["link"] = issuer.Url("/confirm?code=" + handle) } });
        return true;
    }

    public async Task<bool> IsOpenAsync(string? code, CancellationToken ct) => await tickets.FindAsync(Kind, code, ct) is not null;

    /// <summary>False: too old, used, or the address became somebody else's.</summary>
    public async Task<bool> TryConfirmAsync(string? code, CancellationToken ct)
    {
        if (await tickets.TryTakeAsync(Kind, code, ct) is not { UserId: { } userId, Payload: var address }) return false;
        if (!await addresses.TrySetAsync(userId, address, user => string.Equals(user.Email, address, StringComparison.Ordinal), ct)) return false;
        audit.Record(new AuditEvent(AuditKind.EmailConfirmed, Subject: userId));
        return true;
    }
}
