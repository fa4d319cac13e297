using AuthServer.Engine.Audit;
using AuthServer.Engine.Factors;

namespace AuthServer.Engine.Administration;

/// <summary>What a person has to sign in with, beside the password.</summary>
/// <param name="Authenticator">Null: no authenticator app.</param>
public sealed record PersonFactors(EnrolledFactors Enrolled, AuthenticatorState? Authenticator, IReadOnlyList<PasskeySummary> Passkeys);

/// <summary>Second factors of others: seen, and taken away from whoever has lost them. Nobody sets one up for somebody else.</summary>
public sealed class FactorAdministration(IFactorStore store, AuthenticatorApp app, Passkeys passkeys, EmailCodes emailCodes, IPeopleStore people, PersonAccess access, Reach reach, IAuditTrail audit)
{
    public async Task<Outcome<PersonFactors>> FindAsync(Actor actor, string id, CancellationToken ct)
    {
        if (!actor.May(AdminRights.UsersRead)) return Refusal.Lacks(AdminRights.UsersRead);
        if (await people.FindAsync(id, ct) is null) return Refusal.NotFound;
        return new PersonFactors(await store.ReadAsync(id, ct), await app.FindAsync(id, ct), await passkeys.ListAsync(id, ct));
    }

    /// <summary>Takes all of them away; sessions, tokens and remembered devices end. Make sure first that it is the person who asks.</summary>
    /// <remarks>A passkey that is the only way in stays: without it the account would be nobody's. Mail a link for a password first.</remarks>
    public async Task<Outcome<Done>> ResetAsync(Actor actor, string id, CancellationToken ct)
    {
        if (!actor.May(AdminRights.UsersWrite)) return Refusal.Lacks(AdminRights.UsersWrite);
        if (await reach.OverPersonAsync(actor, id, ct) is { } tooFar) return tooFar;
        foreach (var passkey in await passkeys.ListAsync(id, ct)) await passkeys.TryRemoveAsync(id, passkey.Id, ct);
        await app.TryRemoveAsync(id, ct);
        await emailCodes.SetEnabledAsync(id, on: false, ct);
        await access.EndEverythingAsync(id, ct);
        audit.Record(new AuditEvent(AuditKind.SecondFactorChanged, Subject: id, Address: actor.Address, Detail: "all taken away by an administrator", Actor: actor.AuditName));
        return (await passkeys.ListAsync(id, ct)).Count == 0 ? Done.It : Refusal.Conflict("", "only_way_in", "A passkey is the only way this person can sign in. It was left; everything else was taken away.");
    }
}
