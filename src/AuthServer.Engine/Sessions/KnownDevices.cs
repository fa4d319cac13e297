using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Mail;
using AuthServer.Engine.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Sessions;

/// <summary>The browsers in which a person signed in before: which of them is trusted without a second factor, and when a new one is worth a mail (ASVS 6.3.4).</summary>
public sealed class KnownDevices(IDeviceStore store, DeviceCookie cookie, IPostOffice post, IOptions<AccountOptions> options, IAuditTrail audit, TimeProvider clock)
{
    public async Task<bool> IsTrustedAsync(HttpContext http, string userId, CancellationToken ct) =>
        cookie.Read(http) is { } hash && await store.FindAsync(userId, hash, clock.GetUtcNow(), ct) is { TrustedUntil: { } until } && until > clock.GetUtcNow();

    /// <summary>The person has just signed in here.</summary>
    /// <param name="trust">They want no second factor to be asked for on this device for a while.</param>
    public async Task NoteAsync(HttpContext http, User user, bool trust, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var known = cookie.Read(http) is { } read && await store.FindAsync(user.Id, read, now, ct) is not null;
        // The very first sign-in of an account is nobody else's.
        var isNews = !known && await store.AnyAsync(user.Id, ct);
        var trusted = trust && options.Value.RememberDeviceDays > 0 ? now.AddDays(options.Value.RememberDeviceDays) : (DateTimeOffset?)null;
        await store.NoteAsync(user.Id, new SeenDevice(cookie.Write(http, now), now + DeviceCookie.Lifetime, trusted, http.Connection.RemoteIpAddress?.ToString(), Session.AgentOf(http)), now, ct);
        if (!isNews) return;

        var address = http.Connection.RemoteIpAddress?.ToString();
        audit.Record(new AuditEvent(AuditKind.NewDevice, Subject: user.Id, Address: address));
        if (user is not { EmailConfirmed: true, Email: { } to }) return;
        post.Post(new Letter { Kind = MailKind.NewDevice, To = to, Name = user.UserName, Values = LetterValues.Of(now, address, DeviceName.Of(Session.AgentOf(http)).ToString()) });
    }
}
