using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Mail;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tickets;
using AuthServer.Engine.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Recovery;

/// <summary>How setting a new password ended.</summary>
public abstract record PasswordResetOutcome
{
    private PasswordResetOutcome() { }

    public sealed record Done : PasswordResetOutcome;

    /// <summary>The link is unknown, used, too old, or one that a newer link or a new password has replaced.</summary>
    public sealed record Expired : PasswordResetOutcome;

    /// <summary>The password is not good enough; the link still works.</summary>
    public sealed record Refused(FieldFault Fault) : PasswordResetOutcome;

    public sealed record Busy(int RetryAfterSeconds) : PasswordResetOutcome;
}

/// <summary>What a link for a new password remembers.</summary>
/// <param name="Stamp">The account's security stamp when it was sent: a password changed meanwhile ends it.</param>
/// <param name="Address">Where it was sent: an address that is not the account's any more sets no password.</param>
/// <param name="Request">The waiting request of the app the person came from, to go on with.</param>
public sealed record PasswordResetLink(string Stamp, string Address, string? Request);

/// <summary>
/// Uses a link for a new password (ASVS 6.4.1, 6.4.3). Nobody is signed in by it: the second factor stays, and is asked for at the next sign-in. Everything that the old password
/// gave out ends: sessions, tokens, remembered devices, sign-ins under way.
/// </summary>
public sealed class PasswordReset(
    IServiceScopeFactory scopes, TicketOffice tickets, HashingGate gate, ISessionStore sessions, ITokenStore tokens, IDeviceStore devices, IPostOffice post, IAuditTrail audit, TimeProvider clock)
{
    internal static readonly TicketKind<PasswordResetLink> Kind = new("reset-password", TimeSpan.FromMinutes(30));

    /// <summary>Null where the link does not work any more.</summary>
    public async Task<PasswordResetLink?> FindAsync(string? code, CancellationToken ct)
    {
        if (await tickets.FindAsync(Kind, code, ct) is not { UserId: { } userId, Payload: var link }) return null;
        await using var scope = scopes.CreateAsyncScope();
        return IsGood(await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(userId), link, clock.GetUtcNow()) ? link : null;
    }

    public async Task<PasswordResetOutcome> ResetAsync(string? code, string wanted, string? address, string? device, CancellationToken ct)
    {
        using var place = gate.TryTake();
        if (place is null) return new PasswordResetOutcome.Busy(HashingGate.RetryAfterSeconds);

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await tickets.FindAsync(Kind, code, ct) is not { UserId: { } userId, Payload: var link } || await users.FindByIdAsync(userId) is not { } user || !IsGood(user, link, clock.GetUtcNow()))
            return new PasswordResetOutcome.Expired();
        if (await PasswordChange.ObjectionAsync(users, user, wanted) is { } objection) return new PasswordResetOutcome.Refused(objection);

        // Only now, when nothing can be said against it: a password that is too short must not cost the link.
        if (await tickets.TryTakeAsync(Kind, code, ct) is null) return new PasswordResetOutcome.Expired();
        user.PasswordHash = await place.RunAsync(() => Task.FromResult(users.PasswordHasher.HashPassword(user, wanted)), ct);
        (user.PasswordChangedAt, user.PasswordResetRequired) = (clock.GetUtcNow(), false);
        if (!(await users.UpdateSecurityStampAsync(user)).Succeeded) return new PasswordResetOutcome.Expired();

        await sessions.EndAllAsync(userId, null, clock.GetUtcNow(), ct);
        await tokens.RevokeGrantsOfUserAsync(userId, clock.GetUtcNow(), ct);
        await devices.DistrustAllAsync(userId, ct);
        await tickets.DropAsync(Kind, userId, ct);
        audit.Record(new AuditEvent(AuditKind.PasswordChanged, Subject: userId, Address: address, Detail: "by a link in a mail"));
        if (user is { EmailConfirmed: true, Email: { } to })
            post.Post(new Letter { Kind = MailKind.PasswordChanged, To = to, Name = user.UserName, Values = LetterValues.Of(clock.GetUtcNow(), address, device) });
        return new PasswordResetOutcome.Done();
    }

    private static bool IsGood(User? user, PasswordResetLink link, DateTimeOffset now) =>
        user is { Disabled: false, EmailConfirmed: true } && !(user.LockoutEnd > now)
        && string.Equals(user.SecurityStamp, link.Stamp, StringComparison.Ordinal) && string.Equals(user.Email, link.Address, StringComparison.Ordinal);
}
