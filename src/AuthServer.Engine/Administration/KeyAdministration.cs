using AuthServer.Engine.Audit;
using AuthServer.Engine.Keys;

namespace AuthServer.Engine.Administration;

/// <summary>A signing key as the administration sees it; the key itself is never shown.</summary>
/// <param name="Kid">The RFC 7638 thumbprint.</param>
/// <param name="Type"><c>RSA</c> or <c>EC</c>.</param>
/// <param name="Algorithms">What it signs (RFC 7518 §3.1).</param>
/// <param name="State"><c>announced</c>, <c>active</c> or <c>retired</c>.</param>
/// <param name="ActiveFrom">From here on it signs.</param>
/// <param name="RetiredFrom">From here on it only verifies.</param>
/// <param name="RemovedFrom">From here on nothing it signed is good any more.</param>
public sealed record ServerKey(
    string Kid, string Type, IReadOnlyList<string> Algorithms, string State, DateTimeOffset CreatedAt, DateTimeOffset ActiveFrom, DateTimeOffset RetiredFrom, DateTimeOffset RemovedFrom);

/// <summary>The keys by which this server signs.</summary>
public sealed class KeyAdministration(KeyRing ring, KeyRotation rotation, IKeyStore store, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>The one that signs last first.</summary>
    public async Task<Outcome<IReadOnlyList<ServerKey>>> ListAsync(Actor actor, CancellationToken ct)
    {
        if (!actor.May(AdminRights.KeysRead)) return Refusal.Lacks(AdminRights.KeysRead);
        await ring.ReloadIfChangedAsync(ct);
        return Outcome.Of(All());
    }

    /// <param name="atOnce">The present keys are compromised: the new ones sign from now on, though nobody has read them yet.</param>
    public async Task<Outcome<IReadOnlyList<ServerKey>>> RotateAsync(Actor actor, bool atOnce, CancellationToken ct)
    {
        if (!actor.May(AdminRights.KeysWrite)) return Refusal.Lacks(AdminRights.KeysWrite);
        await rotation.RotateAsync(atOnce, ct);
        audit.Record(new AuditEvent(AuditKind.KeyChanged, Address: actor.Address, Detail: atOnce ? "rotated at once" : "successors announced", Actor: actor.AuditName));
        await ring.ReloadAsync(ct);
        return Outcome.Of(All());
    }

    /// <summary>A retired key is taken out of the JWK set at once: nothing that it signed is good any more. One that signs, or will, is rotated first.</summary>
    public async Task<Outcome<Done>> RemoveAsync(Actor actor, string kid, CancellationToken ct)
    {
        if (!actor.May(AdminRights.KeysWrite)) return Refusal.Lacks(AdminRights.KeysWrite);
        await ring.ReloadIfChangedAsync(ct);
        var now = clock.GetUtcNow();
        if (ring.All.FirstOrDefault(k => string.Equals(k.Stored.Kid, kid, StringComparison.Ordinal)) is not { } key) return Refusal.NotFound;
        if (key.State(now) != "retired") return Refusal.Conflict("", "in_use", "This key signs, or will. Rotate the keys first.");

        await store.SetScheduleAsync(kid, key.Stored.ActiveFrom, key.Stored.RetiredFrom, now, ct);
        await store.DeleteRemovedAsync(now, ct);
        audit.Record(new AuditEvent(AuditKind.KeyChanged, Address: actor.Address, Detail: "removed before its time", Actor: actor.AuditName, Target: "key:" + kid));
        await ring.ReloadAsync(ct);
        return Done.It;
    }

    private IReadOnlyList<ServerKey> All()
    {
        var now = clock.GetUtcNow();
        return [.. ring.All.OrderByDescending(k => k.Stored.ActiveFrom).ThenBy(k => k.Stored.Kty, StringComparer.Ordinal).Select(k => new ServerKey(
            k.Stored.Kid, k.Stored.Kty, [.. k.Credentials.Keys.Order(StringComparer.Ordinal)], k.State(now), k.Stored.CreatedAt, k.Stored.ActiveFrom, k.Stored.RetiredFrom, k.Stored.RemovedFrom))];
    }
}
