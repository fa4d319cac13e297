using System.Text.Json;
using AuthServer.Engine.Audit;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;

namespace AuthServer.Engine.Administration;

/// <summary>Clients, for whoever may change them. Whatever is written here is in force on this node when the call returns.</summary>
/// <remarks>
/// Whoever holds a client's secret holds what the client may do. So a client whose scopes open something of this server is touched only by those who have these rights themselves.
/// </remarks>
public sealed class ClientAdministration(IRegistryStore store, ClientRegistry registry, KeyEncryption encryption, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>Hours that an old secret can be kept at most.</summary>
    public const int LongestKeep = 24 * 90;

    private const int Attempts = 5;

    /// <summary>Sorted by <c>client_id</c> or <c>client_name</c>.</summary>
    public async Task<Outcome<Page<RegisteredClient>>> ListAsync(Actor actor, ClientFilter filter, PageRequest request, CancellationToken ct)
    {
        if (!actor.May(AdminRights.ClientsRead)) return Refusal.Lacks(AdminRights.ClientsRead);
        if (filter.Kind is { } kind && !ClientKinds.All.Contains(kind)) return Refusal.Invalid(new Objection("kind", "unknown", "kind is one of: " + string.Join(", ", ClientKinds.All) + "."));

        var matching = registry.All.Where(c =>
            (filter.Kind is null || ClientKinds.Of(c) == filter.Kind) && (filter.Enabled is null || c.Enabled == filter.Enabled)
            && (string.IsNullOrWhiteSpace(filter.Search) || Says(c.ClientId, filter.Search) || Says(c.ClientName, filter.Search)));
        if (!SortedList.Page(matching, request, static c => c.ClientId, ("client_id", static c => c.ClientId), ("client_name", static c => c.DisplayName)).TryGet(out var page, out var refusal)) return refusal;

        var now = clock.GetUtcNow();
        var stored = (await store.FindClientsAsync([.. page.Items.Select(static c => c.ClientId)], ct)).ToDictionary(static s => s.Client.ClientId, StringComparer.Ordinal);
        return new Page<RegisteredClient>([.. page.Items.Select(c => stored.GetValueOrDefault(c.ClientId)).OfType<StoredClient>().Select(s => RegisteredClient.Of(s, now))], page.Next);
    }

    public async Task<Outcome<RegisteredClient>> FindAsync(Actor actor, string clientId, CancellationToken ct)
    {
        if (!actor.May(AdminRights.ClientsRead)) return Refusal.Lacks(AdminRights.ClientsRead);
        return await store.FindClientAsync(clientId, ct) is { } stored ? RegisteredClient.Of(stored, clock.GetUtcNow()) : Refusal.NotFound;
    }

    /// <summary>The client that <see cref="CreateAsync(Actor, JsonElement, CancellationToken)"/> would make of this metadata, without its secret; writes nothing.</summary>
    public static Outcome<Client> Check(Actor actor, JsonElement metadata)
    {
        if (!actor.May(AdminRights.ClientsWrite)) return Refusal.Lacks(AdminRights.ClientsWrite);
        return ClientForm.New(metadata).TryGet(out var client, out var refusal) ? Covers(actor, client) ? client : MoreThanYours(client) : refusal;
    }

    /// <param name="metadata">RFC 7591 metadata; <c>kind</c> fills in what is left out.</param>
    public Task<Outcome<ClientCreated>> CreateAsync(Actor actor, JsonElement metadata, CancellationToken ct) => CreateAsync(actor, metadata, static _ => null, ct);

    /// <param name="brought">Gives the secret that the client brings along from elsewhere; where it gives none, one is made.</param>
    public async Task<Outcome<ClientCreated>> CreateAsync(Actor actor, JsonElement metadata, Func<Client, ClientSecret?> brought, CancellationToken ct)
    {
        if (!actor.May(AdminRights.ClientsWrite)) return Refusal.Lacks(AdminRights.ClientsWrite);
        if (!ClientForm.New(metadata).TryGet(out var client, out var refusal)) return refusal;
        if (client.Development && actor.Kind != ActorKind.CommandLine) return ClientForm.OnlyDeclared;
        if (!Covers(actor, client)) return MoreThanYours(client);

        string? secret = null;
        if (NewSecret.IsNeededBy(client))
        {
            var stored = brought(client);
            if (stored is null) (secret, stored) = NewSecret.Make(client, encryption);
            client = client with { Secrets = [stored] };
        }

        if (!await store.TryAddClientAsync(client, ct)) return Refusal.Conflict("client_id", "taken", $"There is a client {client.ClientId} already.");
        return await AnswerAsync(actor, client.ClientId, "added", secret, ct);
    }

    /// <param name="mergePatch">RFC 7396: what it leaves out stays as it is.</param>
    /// <param name="version">The version the actor has seen; null: whatever it is by now.</param>
    public async Task<Outcome<RegisteredClient>> UpdateAsync(Actor actor, string clientId, JsonElement mergePatch, long? version, CancellationToken ct) =>
        Shown(await ChangeAsync(actor, clientId, version, "changed", client => ClientForm.Changed(client, mergePatch).TryGet(out var changed, out var refusal) ? (changed, null) : (refusal, null), ct));

    public async Task<Outcome<RegisteredClient>> SetEnabledAsync(Actor actor, string clientId, bool enabled, CancellationToken ct) =>
        Shown(await ChangeAsync(actor, clientId, null, enabled ? "enabled" : "disabled", client => (client with { Enabled = enabled }, null), ct));

    /// <param name="keepHours">How long the old secret works too, so that the client can be changed in peace; 0: it stops at once.</param>
    public Task<Outcome<ClientCreated>> RotateSecretAsync(Actor actor, string clientId, int keepHours, long? version, CancellationToken ct) => ChangeAsync(actor, clientId, version, "secret rotated", client =>
    {
        if (keepHours is < 0 or > LongestKeep) return (Refusal.Invalid(new Objection("keep_hours", "out_of_range", $"An old secret is kept for 0 to {LongestKeep} hours.")), null);
        if (!NewSecret.IsNeededBy(client)) return (Refusal.Conflict("token_endpoint_auth_method", "not_allowed", $"The client authenticates by {client.TokenEndpointAuthMethod}; it has no secret."), null);

        var (secret, stored) = NewSecret.Make(client, encryption);
        var end = clock.GetUtcNow().AddHours(keepHours);
        // Two at most: of the newest before this one, and not longer than it was already given.
        var old = client.Secrets.Take(keepHours > 0 ? 1 : 0).Select(s => s.ExpiresAt < end ? s : s with { ExpiresAt = end });
        return (client with { Secrets = [stored, .. old] }, secret);
    }, ct);

    public async Task<Outcome<Done>> RemoveAsync(Actor actor, string clientId, long? version, CancellationToken ct)
    {
        if (!actor.May(AdminRights.ClientsWrite)) return Refusal.Lacks(AdminRights.ClientsWrite);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.FindClientAsync(clientId, ct) is not { } found) return Refusal.NotFound;
            if (!Covers(actor, found.Client)) return MoreThanYours(found.Client);
            if (version is not null && version != found.Version) return Refusal.Stale;
            if (!await store.TryRemoveClientAsync(clientId, found.Version, ct)) continue;
            await NoteAsync(actor, clientId, "removed", ct);
            return Done.It;
        }

        return Refusal.Stale;
    }

    private async Task<Outcome<ClientCreated>> ChangeAsync(Actor actor, string clientId, long? version, string act, Func<Client, (Outcome<Client> Client, string? Secret)> change, CancellationToken ct)
    {
        if (!actor.May(AdminRights.ClientsWrite)) return Refusal.Lacks(AdminRights.ClientsWrite);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.FindClientAsync(clientId, ct) is not { } found) return Refusal.NotFound;
            if (!Covers(actor, found.Client)) return MoreThanYours(found.Client);
            if (version is not null && version != found.Version) return Refusal.Stale;

            var (outcome, secret) = change(found.Client);
            if (!outcome.TryGet(out var changed, out var refusal)) return refusal;
            if (!Covers(actor, changed)) return MoreThanYours(changed);
            // A secret that the client no longer uses would come back to life when somebody changes the method again.
            changed = changed with { Secrets = [.. changed.Secrets.Where(s => NewSecret.Fits(changed, s))] };
            // Somebody else was faster: what they wrote is read, and the change made to that.
            if (await store.TryUpdateClientAsync(changed, found.Version, ct)) return await AnswerAsync(actor, clientId, act, secret, ct);
        }

        return Refusal.Stale;
    }

    private async Task<Outcome<ClientCreated>> AnswerAsync(Actor actor, string clientId, string act, string? secret, CancellationToken ct)
    {
        await NoteAsync(actor, clientId, act, ct);
        return await store.FindClientAsync(clientId, ct) is { } stored ? new ClientCreated(RegisteredClient.Of(stored, clock.GetUtcNow()), secret) : Refusal.NotFound;
    }

    private async Task NoteAsync(Actor actor, string clientId, string act, CancellationToken ct)
    {
        audit.Record(new AuditEvent(AuditKind.ClientChanged, clientId, Address: actor.Address, Detail: act, Actor: actor.AuditName, Target: "client:" + clientId));
        await registry.ReloadAsync(ct);
    }

    private static bool Covers(Actor actor, Client client) => client.Scope is not { } scopes || actor.Covers(scopes);

    private static Refusal MoreThanYours(Client client) => Refusal.NotYours($"The scopes of the client {client.ClientId} open more of this server than you may do yourself.");

    private static Outcome<RegisteredClient> Shown(Outcome<ClientCreated> outcome) => outcome.TryGet(out var created, out var refusal) ? created.Client : refusal;

    private static bool Says(string? text, string search) => text?.Contains(search.Trim(), StringComparison.OrdinalIgnoreCase) == true;
}
