using AuthServer.Engine.Audit;
using AuthServer.Engine.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Accounts;

/// <summary>How the change of a password ended.</summary>
public abstract record PasswordChangeOutcome
{
    private PasswordChangeOutcome() { }

    public sealed record Changed : PasswordChangeOutcome;

    public sealed record WrongPassword : PasswordChangeOutcome;

    /// <summary>Too many wrong passwords from this source.</summary>
    public sealed record LockedOut(DateTimeOffset Until) : PasswordChangeOutcome;

    /// <summary>The new one is not good enough.</summary>
    public sealed record Refused(FieldFault Fault) : PasswordChangeOutcome;

    public sealed record Busy(int RetryAfterSeconds) : PasswordChangeOutcome;
}

/// <summary>
/// A person who is signed in gets another password (ASVS 6.2.2, 6.2.3). The present one counts as an attempt to sign in: whoever found a browser left open cannot guess here faster than there.
/// The new security stamp ends every sign-in that is under way with the old password.
/// </summary>
public sealed class PasswordChange(IServiceScopeFactory scopes, PasswordSignIn signIn, HashingGate gate, IPostOffice post, IAuditTrail audit, TimeProvider clock)
{
    public async Task<PasswordChangeOutcome> ChangeAsync(string userId, string present, string wanted, string? address, string? device, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.FindByIdAsync(userId) is not { UserName: { } name } user) return new PasswordChangeOutcome.WrongPassword();
        // Before anything is hashed: what is refused here costs the person no attempt and the machine no work.
        if (await ObjectionAsync(users, user, wanted) is { } objection) return new PasswordChangeOutcome.Refused(objection);

        switch (await signIn.AttemptAsync(name, present, address, ct))
        {
            case SignInOutcome.Right right when string.Equals(right.User.Id, userId, StringComparison.Ordinal):
                break;
            case SignInOutcome.LockedOut locked:
                return new PasswordChangeOutcome.LockedOut(locked.Until);
            case SignInOutcome.Busy busy:
                return new PasswordChangeOutcome.Busy(busy.RetryAfterSeconds);
            default:
                return new PasswordChangeOutcome.WrongPassword();
        }

        if (string.Equals(present, wanted, StringComparison.Ordinal)) return Unchanged();
        return await SaveAsync(userId, wanted, ct) ? Changed(user, address, device) : new PasswordChangeOutcome.Busy(HashingGate.RetryAfterSeconds);
    }

    /// <summary>Replaces a password that an administrator gave, or wants replaced, by one that is only the person's. Only within a sign-in whose every proof was given.</summary>
    public async Task<PasswordChangeOutcome> ReplaceAsync(string userId, string wanted, string? address, string? device, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.FindByIdAsync(userId) is not { PasswordHash: { } present } user) return new PasswordChangeOutcome.WrongPassword();
        if (await ObjectionAsync(users, user, wanted) is { } objection) return new PasswordChangeOutcome.Refused(objection);

        using (var place = gate.TryTake())
        {
            if (place is null) return new PasswordChangeOutcome.Busy(HashingGate.RetryAfterSeconds);
            if (await place.RunAsync(() => Task.FromResult(users.PasswordHasher.VerifyHashedPassword(user, present, wanted)), ct) != PasswordVerificationResult.Failed) return Unchanged();
        }

        return await SaveAsync(userId, wanted, ct) ? Changed(user, address, device) : new PasswordChangeOutcome.Busy(HashingGate.RetryAfterSeconds);
    }

    private static PasswordChangeOutcome.Refused Unchanged() => new(new FieldFault(nameof(RegistrationForm.Password), AccountFault.PasswordUnchanged));

    private PasswordChangeOutcome.Changed Changed(User user, string? address, string? device)
    {
        audit.Record(new AuditEvent(AuditKind.PasswordChanged, Subject: user.Id, Address: address, Detail: "by the person"));
        if (user.Email is { } to && user.EmailConfirmed)
            post.Post(new Letter { Kind = MailKind.PasswordChanged, To = to, Name = user.UserName, Values = LetterValues.Of(clock.GetUtcNow(), address, device) });
        return new PasswordChangeOutcome.Changed();
    }

    /// <summary>False where the machine is busy, or somebody changed this person at the same moment.</summary>
    private async Task<bool> SaveAsync(string userId, string wanted, CancellationToken ct)
    {
        using var place = gate.TryTake();
        if (place is null) return false;

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.FindByIdAsync(userId) is not { } user) return false;
        user.PasswordHash = await place.RunAsync(() => Task.FromResult(users.PasswordHasher.HashPassword(user, wanted)), ct);
        (user.PasswordChangedAt, user.PasswordResetRequired) = (clock.GetUtcNow(), false);
        return (await users.UpdateSecurityStampAsync(user)).Succeeded;
    }

    /// <summary>What speaks against this password for this person, or null.</summary>
    internal static async Task<FieldFault?> ObjectionAsync(UserManager<User> users, User user, string wanted)
    {
        foreach (var rules in users.PasswordValidators)
        {
            var result = await rules.ValidateAsync(users, user, wanted);
            if (!result.Succeeded) return FieldFault.Of(result.Errors.First());
        }

        return null;
    }
}
