using AuthServer.Engine.Audit;
using AuthServer.Engine.Protocol;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Accounts;

/// <summary>How an attempt to sign in ended.</summary>
public abstract record SignInOutcome
{
    private SignInOutcome() { }

    public sealed record SignedIn(User User, IReadOnlyList<string> Amr, string Acr) : SignInOutcome;

    /// <summary>Too many failures from this source at this account.</summary>
    public sealed record LockedOut(DateTimeOffset Until) : SignInOutcome;

    /// <summary>The machine hashes as much as it may; nothing was tried.</summary>
    public sealed record Busy(int RetryAfterSeconds) : SignInOutcome;

    /// <summary>Unknown name, wrong password, disabled or locked: the person is not told which.</summary>
    public sealed record Refused : SignInOutcome;
}

/// <summary>Sign-in by user name (or verified e-mail address) and password. Every page, grant and dialect comes through here.</summary>
public sealed class PasswordSignIn(IServiceScopeFactory scopes, SignInBrake brake, HashingGate gate, IAuditTrail audit, TimeProvider clock)
{
    private static readonly string[] Amr = [AuthenticationMethods.Password];

    public async Task<SignInOutcome> AttemptAsync(string identifier, string password, string? address, CancellationToken ct)
    {
        if (await brake.ReserveAsync(identifier, address, ct) is { } until)
        {
            audit.Record(new AuditEvent(AuditKind.SignInRefused, Address: address, Detail: "too many failures"));
            return new SignInOutcome.LockedOut(until);
        }

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = await FindAsync(users, identifier);
        var verified = await gate.RunAsync(() => VerifyAsync(users, user, password), ct);
        if (verified is null) return new SignInOutcome.Busy(HashingGate.RetryAfterSeconds);
        if (user is null || !verified.Good) return Refuse(user, address, user is null ? "unknown user" : "wrong password");
        if (user.Disabled) return Refuse(user, address, "user disabled");
        if (user.LockoutEnd > clock.GetUtcNow()) return Refuse(user, address, "user locked");

        await brake.ReleaseAsync(identifier, address, ct);
        audit.Record(new AuditEvent(AuditKind.SignedIn, Subject: user.Id, Address: address, Detail: "password"));
        return new SignInOutcome.SignedIn(user, Amr, AuthenticationContexts.SingleFactor);
    }

    private sealed record Verification(bool Good);

    /// <summary>An unknown user costs the same hash as a known one, so the time tells nothing.</summary>
    private static async Task<Verification> VerifyAsync(UserManager<User> users, User? user, string password)
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

            return new Verification(result != PasswordVerificationResult.Failed);
        }

        users.PasswordHasher.HashPassword(user ?? new User(), password);
        return new Verification(false);
    }

    /// <summary>An address finds its account only where it was verified: anybody can claim an address.</summary>
    private static async Task<User?> FindAsync(UserManager<User> users, string identifier)
    {
        if (await users.FindByNameAsync(identifier) is { } byName) return byName;
        if (!identifier.Contains('@', StringComparison.Ordinal)) return null;
        try
        {
            return await users.FindByEmailAsync(identifier) is { EmailConfirmed: true } byEmail ? byEmail : null;
        }
        catch (InvalidOperationException)
        {
            // Several accounts with this address: none of them is meant.
            return null;
        }
    }

    private SignInOutcome.Refused Refuse(User? user, string? address, string reason)
    {
        audit.Record(new AuditEvent(AuditKind.SignInRefused, Subject: user?.Id, Address: address, Detail: reason));
        return new SignInOutcome.Refused();
    }
}
