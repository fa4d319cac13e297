using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Mail;
using AuthServer.Engine.Recovery;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Tokens;

namespace AuthServer.Engine.Administration;

/// <summary>Whether a person gets in. Whatever takes trust away ends at once what it gave out: sessions, tokens, remembered devices.</summary>
public sealed class PersonAccess(
    PersonWriter writer, IPeopleStore people, IAccountDeletionStore deletion, Reach reach, SignInBrake brake, HashingGate gate, PasswordResetLetters letters,
    ISessionStore sessions, ITokenStore tokens, IDeviceStore devices, IPostOffice post, IAuditTrail audit, TimeProvider clock)
{
    internal static readonly Refusal LastAdministrator = Refusal.Conflict("", "last_administrator", "This is the last administrator who can sign in.");

    /// <summary>Disabled: refused everywhere from this moment on.</summary>
    public async Task<Outcome<Person>> SetDisabledAsync(Actor actor, string id, bool disabled, CancellationToken ct)
    {
        if (await MayNotAsync(actor, id, ct) is { } refusal) return refusal;
        if (disabled)
        {
            if (!await people.TryDisableAsync(id, clock.GetUtcNow(), ct)) return await people.FindAsync(id, ct) is null ? Refusal.NotFound : LastAdministrator;
            await EndEverythingAsync(id, ct);
            return await DoneAsync(actor, id, "disabled", ct);
        }

        return await ChangeAsync(actor, id, "enabled", static user => user.Disabled = false, ct);
    }

    /// <summary>Ends an administrator's lock, and every wait after wrong passwords and codes.</summary>
    public async Task<Outcome<Person>> UnlockAsync(Actor actor, string id, CancellationToken ct)
    {
        if (await MayNotAsync(actor, id, ct) is { } refusal) return refusal;
        var outcome = await writer.ChangeAsync(id, null, async (users, user) =>
        {
            (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
            foreach (var name in new[] { users.NormalizeName(user.UserName), users.NormalizeEmail(user.Email), "factor:" + id, "email-code:" + id })
                if (name is not null) await brake.ForgetAsync(name, ct);
            return null;
        }, ct);
        return Recorded(outcome, actor, id, "unlocked");
    }

    /// <summary>The next sign-in by password ends with choosing a new one; whoever is signed in is so no more.</summary>
    public async Task<Outcome<Person>> RequirePasswordResetAsync(Actor actor, string id, CancellationToken ct)
    {
        if (await MayNotAsync(actor, id, ct) is { } refusal) return refusal;
        var outcome = await ChangeAsync(actor, id, "must choose a new password", static user => user.PasswordResetRequired = true, ct);
        if (outcome.TryGet(out _, out _)) await EndEverythingAsync(id, ct);
        return outcome;
    }

    /// <summary>Mails a link for a new password to the verified address: for somebody who was just created, or has lost it.</summary>
    public async Task<Outcome<Done>> SendPasswordResetAsync(Actor actor, string id, CancellationToken ct)
    {
        if (await MayNotAsync(actor, id, ct) is { } refusal) return refusal;
        if (!await letters.TrySendAsync(id, ct)) return Refusal.Conflict("email", "not_verified", "A link goes to a verified address only, of somebody who is not disabled.");
        audit.Record(new AuditEvent(AuditKind.PasswordResetAsked, Subject: id, Address: actor.Address, Detail: "by an administrator", Actor: actor.AuditName));
        return Done.It;
    }

    /// <summary>What speaks against giving this person this password, said before anything else of them is changed. Null: nothing.</summary>
    public async Task<Refusal?> ObjectionToPasswordAsync(Actor actor, string id, string password, CancellationToken ct)
    {
        if (await MayNotAsync(actor, id, ct) is { } refusal) return refusal;
        return await writer.LookAsync(id, async (users, user) => await PasswordChange.ObjectionAsync(users, user, password) is { } objection ? Refusal.Invalid(AccountObjections.Of(objection)) : null);
    }

    /// <param name="temporary">The person has to choose their own at the next sign-in.</param>
    public async Task<Outcome<Person>> SetPasswordAsync(Actor actor, string id, string password, bool temporary, CancellationToken ct)
    {
        if (await MayNotAsync(actor, id, ct) is { } refusal) return refusal;
        using var place = gate.TryTake();
        if (place is null) return Refusal.Busy;
        var outcome = await writer.ChangeAsync(id, null, async (users, user) =>
        {
            if (await PasswordChange.ObjectionAsync(users, user, password) is { } objection) return Refusal.Invalid(AccountObjections.Of(objection));
            user.PasswordHash = await place.RunAsync(() => Task.FromResult(users.PasswordHasher.HashPassword(user, password)), ct);
            (user.PasswordChangedAt, user.PasswordResetRequired) = (clock.GetUtcNow(), temporary);
            // Sign-ins under way with the old password end.
            user.SecurityStamp = Guid.NewGuid().ToString("N");
            return null;
        }, ct);
        if (!outcome.TryGet(out var person, out _)) return outcome;

        await EndEverythingAsync(id, ct);
        audit.Record(new AuditEvent(AuditKind.PasswordChanged, Subject: id, Address: actor.Address, Detail: "by an administrator", Actor: actor.AuditName));
        if (person is { EmailVerified: true, Email: { } to }) post.Post(new Letter { Kind = MailKind.PasswordChanged, To = to, Name = person.UserName, Values = LetterValues.Of(clock.GetUtcNow(), null, null) });
        return outcome;
    }

    /// <summary>Administrators have every right; only they make others.</summary>
    public async Task<Outcome<Person>> SetAdministratorAsync(Actor actor, string id, bool administrator, CancellationToken ct)
    {
        if (await MayNotAsync(actor, id, ct) is { } refusal) return refusal;
        if (!actor.IsAdministrator) return Refusal.NotYours("Only an administrator makes an administrator.");
        if (administrator) return await ChangeAsync(actor, id, "made an administrator", static user => user.IsAdministrator = true, ct);
        if (!await people.TryTakeAdministrationAsync(id, clock.GetUtcNow(), ct)) return await people.FindAsync(id, ct) is null ? Refusal.NotFound : LastAdministrator;
        return await DoneAsync(actor, id, "no administrator any more", ct);
    }

    internal async Task<bool> IsLastAdministratorAsync(string id, CancellationToken ct) =>
        await people.FindAsync(id, ct) is { IsAdministrator: true, Disabled: false } && !await deletion.HasOtherAdministratorAsync(id, ct);

    /// <summary>Sessions, tokens and remembered devices.</summary>
    internal async Task EndEverythingAsync(string id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await sessions.EndAllAsync(id, null, now, ct);
        await tokens.RevokeGrantsOfUserAsync(id, now, ct);
        await devices.DistrustAllAsync(id, ct);
    }

    private async Task<Refusal?> MayNotAsync(Actor actor, string id, CancellationToken ct) =>
        actor.May(AdminRights.UsersWrite) ? await reach.OverPersonAsync(actor, id, ct) : Refusal.Lacks(AdminRights.UsersWrite);

    private async Task<Outcome<Person>> ChangeAsync(Actor actor, string id, string detail, Action<User> change, CancellationToken ct)
    {
        var outcome = await writer.ChangeAsync(id, null, (_, user) =>
        {
            change(user);
            user.UpdatedAt = clock.GetUtcNow();
            return Task.FromResult<Refusal?>(null);
        }, ct);
        return Recorded(outcome, actor, id, detail);
    }

    private async Task<Outcome<Person>> DoneAsync(Actor actor, string id, string detail, CancellationToken ct) =>
        Recorded(await people.FindAsync(id, ct) is { } person ? person : Refusal.NotFound, actor, id, detail);

    private Outcome<Person> Recorded(Outcome<Person> outcome, Actor actor, string id, string detail)
    {
        if (outcome.TryGet(out _, out _)) audit.Record(new AuditEvent(AuditKind.UserChanged, Subject: id, Address: actor.Address, Detail: detail, Actor: actor.AuditName));
        return outcome;
    }
}
