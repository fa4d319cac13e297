using System.Text;
using AuthServer.Engine.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Accounts;

/// <summary>How an attempt to sign in ended.</summary>
public abstract record SignInOutcome
{
    private SignInOutcome() { }

    /// <summary>The password is this person's, who may sign in. Whether it is enough is for <c>SignInDecider</c> to say.</summary>
    public sealed record Right(User User) : SignInOutcome;

    /// <summary>Too many failures from this source at this account.</summary>
    public sealed record LockedOut(DateTimeOffset Until) : SignInOutcome;

    /// <summary>The machine hashes as much as it may; nothing was tried.</summary>
    public sealed record Busy(int RetryAfterSeconds) : SignInOutcome;

    /// <summary>Unknown name, wrong password, disabled or locked: the person is not told which.</summary>
    public sealed record Refused : SignInOutcome;
}

/// <summary>Sign-in by user name (or verified e-mail address) and password. Every page, grant and dialect comes through here.</summary>
public sealed class PasswordSignIn(IServiceScopeFactory scopes, SignInBrake brake, HashingGate gate, IOptions<AccountOptions> options, IAuditTrail audit, TimeProvider clock)
{
    private const int LongestIdentifier = 256;

    public async Task<SignInOutcome> AttemptAsync(string identifier, string password, string? address, CancellationToken ct)
    {
        // Nobody's, whoever is registered: says nothing about who is, so it need not take as long.
        if (identifier.Length > LongestIdentifier || password.Length > options.Value.MaximumPasswordLength || identifier.EnumerateRunes().Contains(Rune.ReplacementChar))
            return Refuse(null, address, "not a possible name or password");

        using var place = gate.TryTake();
        if (place is null) return new SignInOutcome.Busy(HashingGate.RetryAfterSeconds);

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var name = users.NormalizeName(identifier)!;
        if (await brake.ReserveAsync(name, address, ct) is { } until)
        {
            audit.Record(new AuditEvent(AuditKind.SignInRefused, Address: address, Detail: "too many failures"));
            return new SignInOutcome.LockedOut(until);
        }

        var user = await UserLookup.FindAsync(users, identifier, ct);
        var verified = await place.RunAsync(() => VerifyAsync(users, user, password), ct);
        if (user is null || !verified) return Refuse(user, address, user is null ? "unknown user" : "wrong password");
        if (user.Disabled) return Refuse(user, address, "user disabled");
        if (user.LockoutEnd > clock.GetUtcNow()) return Refuse(user, address, "user locked");

        await brake.ReleaseAsync(name, address, ct);
        return new SignInOutcome.Right(user);
    }

    /// <summary>An unknown user costs the same hash as a known one, so the time tells nothing.</summary>
    private static async Task<bool> VerifyAsync(UserManager<User> users, User? user, string password)
    {
        if (user?.PasswordHash is { } stored)
        {
            var result = users.PasswordHasher.VerifyHashedPassword(user, stored, password);
            if (result == PasswordVerificationResult.SuccessRehashNeeded)
            {
                // Only the hash changes: the password is the same, so nobody is signed out for it.
                user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
                await users.UpdateAsync(user);
            }

            return result != PasswordVerificationResult.Failed;
        }

        users.PasswordHasher.HashPassword(user ?? new User(), password);
        return false;
    }

    private SignInOutcome.Refused Refuse(User? user, string? address, string reason)
    {
        audit.Record(new AuditEvent(AuditKind.SignInRefused, Subject: user?.Id, Address: address, Detail: reason));
        return new SignInOutcome.Refused();
    }
}
