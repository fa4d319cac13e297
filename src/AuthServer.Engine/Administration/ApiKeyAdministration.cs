using System.Globalization;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Administration;

/// <summary>API keys: everybody's own without a right, other people's with one.</summary>
public sealed class ApiKeyAdministration(IApiKeyStore store, ApiKeyRules rules, IOptions<ApiKeyOptions> options, IAuditTrail audit, TimeProvider clock)
{
    private const int Attempts = 5;

    /// <summary>The newest first; keys stay listed for thirty days after their end.</summary>
    public async Task<Outcome<Page<ListedApiKey>>> ListAsync(Actor actor, ApiKeyFilter filter, PageRequest request, CancellationToken ct)
    {
        if (!(filter.Owner is { } owner && ApiKeyRules.IsOwn(actor, owner)) && !actor.May(AdminRights.ApiKeysRead)) return Refusal.Lacks(AdminRights.ApiKeysRead);
        var after = Cursor.Read(request.Cursor, 2) is [var at, var id] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? (DateTimeOffset.FromUnixTimeMilliseconds(ms), id) : ((DateTimeOffset, string)?)null;
        var limit = Math.Clamp(request.Limit, 1, PageRequest.MaximumLimit);
        var found = await store.ListAsync(filter, after, limit + 1, clock.GetUtcNow(), ct);
        if (found.Count <= limit) return new Page<ListedApiKey>(found, null);
        var last = found[limit - 1].Key;
        return new Page<ListedApiKey>([.. found.Take(limit)], Cursor.Write(last.CreatedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), last.Id));
    }

    public async Task<Outcome<ListedApiKey>> FindAsync(Actor actor, string id, CancellationToken ct)
    {
        var found = await store.FindAsync(id, ct);
        if (found is not null && ApiKeyRules.IsOwn(actor, found.Key.Owner)) return found;
        if (!actor.May(AdminRights.ApiKeysRead)) return Refusal.Lacks(AdminRights.ApiKeysRead);
        return found is not null ? found : Refusal.NotFound;
    }

    public async Task<Outcome<ApiKeyCreated>> CreateAsync(Actor actor, ApiKeyForm form, CancellationToken ct)
    {
        if (OwnerOf(form) is not { } owner) return Refusal.Invalid(new Objection("user_id", "required", "Name whose key it is: user_id, client_id or organization_id, one of them."));
        var kind = form.Kind ?? (owner.Kind == ApiKeyOwnerKind.User ? ApiKeyKind.Personal : ApiKeyKind.Machine);
        if (kind == ApiKeyKind.Personal && owner.Kind != ApiKeyOwnerKind.User) return Refusal.Invalid(new Objection("kind", "not_allowed", "Only a person has personal access tokens."));

        var (now, text) = (clock.GetUtcNow(), ApiKeyText.New(kind));
        var blank = new ApiKey { Id = Guid.NewGuid().ToString(), Kind = kind, Owner = owner, GrantId = Handle.New().Reveal()[..22], Name = "", Start = text.Start, Scopes = ScopeSet.Empty, CreatedAt = now, ExpiresAt = now };
        if (!rules.Apply(blank, form, isNew: true).TryGet(out var key, out var refusal)) return await rules.OverKeyAsync(actor, owner, ScopeSet.Empty, ScopeSet.Empty, ct) ?? refusal;
        if (await rules.OverKeyAsync(actor, owner, ScopeSet.Empty, key.Scopes, ct) is { } tooFar) return tooFar;
        if (await store.CountActiveAsync(owner, now, ct) >= options.Value.MaximumPerOwner) return Refusal.Conflict("", "too_many", $"There are {options.Value.MaximumPerOwner} keys already. Revoke one first.");

        await store.AddAsync(key, text.Hash(), GrantOf(key), ct);
        Record(actor, AuditKind.ApiKeyCreated, key, key.Name);
        return await store.FindAsync(key.Id, ct) is { } made ? new ApiKeyCreated(made, text.Reveal()) : Refusal.NotFound;
    }

    /// <param name="version">The version the actor has seen; null: whatever it is by now.</param>
    public async Task<Outcome<ListedApiKey>> UpdateAsync(Actor actor, string id, ApiKeyForm form, long? version, CancellationToken ct)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (!(await ChangeableAsync(actor, id, version, ct)).TryGet(out var found, out var refusal)) return refusal;
            if (!rules.Apply(found.Key, form, isNew: false).TryGet(out var changed, out refusal)) return refusal;
            // Also over what it is: whoever changes where a key can be used from must not widen one that does more than they may.
            if (await rules.OverKeyAsync(actor, found.Key.Owner, Kept(found.Key, actor), form.Scopes is null ? ScopeSet.Empty : changed.Scopes, ct) is { } tooFar) return tooFar;
            if (!await store.TryUpdateAsync(changed, ct)) continue;
            Record(actor, AuditKind.ApiKeyChanged, changed, changed.Name);
            return await store.FindAsync(id, ct) is { } now ? now : Refusal.NotFound;
        }

        return Refusal.Stale;
    }

    /// <summary>It is refused from this moment on, and so is what was got for it.</summary>
    public async Task<Outcome<Done>> RevokeAsync(Actor actor, string id, long? version, CancellationToken ct)
    {
        if (await store.FindAsync(id, ct) is not { } found) return actor.May(AdminRights.ApiKeysWrite) ? Refusal.NotFound : Refusal.Lacks(AdminRights.ApiKeysWrite);
        if (await rules.OverEndAsync(actor, found.Key, ct) is { } refusal) return refusal;
        if (version is not null && version != found.Key.Version) return Refusal.Stale;
        if (!await store.TryRevokeAsync(id, clock.GetUtcNow(), ct)) return Refusal.NotFound;
        Record(actor, AuditKind.ApiKeyRevoked, found.Key, found.Key.Name);
        return Done.It;
    }

    private async Task<Outcome<ListedApiKey>> ChangeableAsync(Actor actor, string id, long? version, CancellationToken ct)
    {
        var found = await store.FindAsync(id, ct);
        if (!(found is not null && ApiKeyRules.IsOwn(actor, found.Key.Owner)) && !actor.May(AdminRights.ApiKeysWrite)) return Refusal.Lacks(AdminRights.ApiKeysWrite);
        if (found is null) return Refusal.NotFound;
        if (found.Key.RevokedAt is not null || !found.GrantStands) return Refusal.Conflict("", "revoked", "The key was revoked; make a new one.");
        return version is null || version == found.Key.Version ? found : Refusal.Stale;
    }

    /// <summary>Of a person's own key the scopes they lost meanwhile are dead anyway, and no reason to refuse a new name.</summary>
    private static ScopeSet Kept(ApiKey key, Actor actor) => ApiKeyRules.IsOwn(actor, key.Owner) ? ScopeSet.Empty : key.Scopes;

    private static ApiKeyOwner? OwnerOf(ApiKeyForm form) => (form.UserId, form.ClientId, form.OrganizationId) switch
    {
        ({ Length: > 0 } user, null, null) => ApiKeyOwner.User(user),
        (null, { Length: > 0 } client, null) => new ApiKeyOwner(ApiKeyOwnerKind.Client, client),
        (null, null, { Length: > 0 } organization) => new ApiKeyOwner(ApiKeyOwnerKind.Organization, organization),
        _ => null,
    };

    private static Grant GrantOf(ApiKey key) => new()
    {
        Id = key.GrantId,
        ClientId = key.Owner.ClientId ?? OwnClients.ApiKeys.ClientId,
        UserId = key.Owner.UserId,
        Scopes = key.Scopes,
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
        Details = new GrantDetails { Subject = key.Owner.OrganizationId is { } id ? ApiKeyOwner.OrganizationSubject + id : null },
    };

    private void Record(Actor actor, AuditKind kind, ApiKey key, string detail) => audit.Record(new AuditEvent(
        kind, key.Owner.ClientId, key.Owner.UserId, Address: actor.Address, Detail: detail, Actor: ApiKeyRules.IsOwn(actor, key.Owner) ? null : actor.AuditName, Target: "api_key:" + key.Id));
}
