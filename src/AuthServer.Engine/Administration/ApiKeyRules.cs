using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Protocol;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Administration;

/// <summary>What speaks against an API key as somebody wants it, whoever they are; and who may have which.</summary>
public sealed class ApiKeyRules(ApiKeyScopes scopes, ClientRegistry clients, IDirectoryStore directory, Reach reach, IOptions<ApiKeyOptions> options, TimeProvider clock)
{
    public const int LongestName = 100;
    private const int MostAddresses = 50;
    private const int HighestRate = 10_000_000;

    /// <summary>The form put over the key, or what is wrong with it.</summary>
    /// <param name="isNew">Everything has to be there; otherwise only what the form names is judged.</param>
    internal Outcome<ApiKey> Apply(ApiKey key, ApiKeyForm form, bool isNew)
    {
        var objections = new List<Objection>();
        if (form.Name is not null || isNew) key = key with { Name = NameOf(form.Name, objections) };
        if (form.Scopes is not null || isNew) key = key with { Scopes = ScopesOf(key.Owner, form.Scopes ?? [], objections) };
        if (form.ExpiresAt is not null || isNew) key = key with { ExpiresAt = EndOf(form.ExpiresAt, objections) };
        if (form.AllowedAddresses is { } addresses) key = key with { AllowedAddresses = AddressesOf(addresses, objections) };
        if (form.RatePerHour is { } rate)
        {
            if (rate is < 0 or > HighestRate) objections.Add(new Objection("rate_per_hour", "out_of_range", $"1 to {HighestRate} requests per hour; nothing for the server's own limit."));
            key = key with { RatePerHour = rate == 0 ? null : rate };
        }

        return objections.Count > 0 ? Refusal.Invalid(objections) : key;
    }

    /// <summary>Null: the actor may make such a key, or make it what it shall be. Nobody gets by a key what they do not have, nor acts as somebody whom they could not change.</summary>
    /// <param name="present">What the key can do already.</param>
    /// <param name="wanted">What it shall be able to do.</param>
    internal async Task<Refusal?> OverKeyAsync(Actor actor, ApiKeyOwner owner, ScopeSet present, ScopeSet wanted, CancellationToken ct)
    {
        if (!IsOwn(actor, owner))
        {
            if (!actor.May(AdminRights.ApiKeysWrite)) return Refusal.Lacks(AdminRights.ApiKeysWrite);
            var right = owner.Kind switch { ApiKeyOwnerKind.User => AdminRights.UsersWrite, ApiKeyOwnerKind.Client => AdminRights.ClientsWrite, _ => AdminRights.DirectoryWrite };
            if (!actor.May(right)) return Refusal.Lacks(right);
            if (await OverOwnerAsync(actor, owner, ct) is { } tooFar) return tooFar;
        }

        return actor.Covers(present) && actor.Covers(wanted) ? await BeyondOwnerAsync(owner, wanted, ct) : Refusal.NotYours("These scopes open more of this server than you may do yourself.");
    }

    /// <summary>Null: the actor may take this key away.</summary>
    internal async Task<Refusal?> OverEndAsync(Actor actor, ApiKey key, CancellationToken ct)
    {
        if (IsOwn(actor, key.Owner)) return null;
        if (!actor.May(AdminRights.ApiKeysWrite)) return Refusal.Lacks(AdminRights.ApiKeysWrite);
        if (key.Owner.Kind == ApiKeyOwnerKind.User) return await reach.OverPersonAsync(actor, key.Owner.Id, ct);
        return actor.Covers(key.Scopes) ? null : Refusal.NotYours("This key opens more of this server than you may do yourself.");
    }

    internal static bool IsOwn(Actor actor, ApiKeyOwner owner) => actor.Kind == ActorKind.User && owner.UserId == actor.Id;

    private async Task<Refusal?> OverOwnerAsync(Actor actor, ApiKeyOwner owner, CancellationToken ct)
    {
        if (owner.UserId is { } user) return await reach.OverPersonAsync(actor, user, ct) is not { } refusal ? null : refusal.Kind == RefusalKind.NotFound ? Missing("user_id", "person") : refusal;
        if (owner.ClientId is { } client) return clients.Find(client) is null || OwnClients.Find(client) is not null ? Missing("client_id", "client") : null;
        return await directory.FindAsync<Organization>(owner.Id, ct) is null ? Missing("organization_id", "organization") : null;
    }

    /// <summary>A person's key has no right that the person lacks: it would come to life the day they get it.</summary>
    private async Task<Refusal?> BeyondOwnerAsync(ApiKeyOwner owner, ScopeSet wanted, CancellationToken ct)
    {
        if (owner.UserId is not { } id) return null;
        if (await directory.PowerOfAsync(id, ct) is not { } power) return Missing("user_id", "person");
        var person = new Actor { Kind = ActorKind.User, Id = id, IsAdministrator = power.IsAdministrator, Rights = power.Permissions.Where(AdminRights.Contains).ToHashSet(StringComparer.Ordinal) };
        return person.Covers(wanted) ? null : Refusal.Invalid(new Objection("scopes", "not_allowed", "The person the key belongs to lacks a right of that name."));
    }

    private static Refusal Missing(string field, string what) => Refusal.Invalid(new Objection(field, "unknown", $"There is no such {what}."));

    private static string NameOf(string? name, List<Objection> objections)
    {
        name = name?.Trim() ?? "";
        if (name.Length == 0) objections.Add(new Objection("name", "required", "A key needs a name by which it is known again."));
        else if (name.Length > LongestName) objections.Add(new Objection("name", "too_long", $"At most {LongestName} characters."));
        else if (name.Any(char.IsControl)) objections.Add(new Objection("name", "malformed", "One line of text."));
        return name;
    }

    private ScopeSet ScopesOf(ApiKeyOwner owner, IReadOnlyList<string> wanted, List<Objection> objections)
    {
        if (wanted.Count == 0) objections.Add(new Objection("scopes", "required", "A key without a scope opens nothing."));
        var strangers = wanted.Where(s => s is null || !scopes.IsOpenTo(owner, s)).Select(static s => s is { Length: <= 100 } ? s : "…").ToList();
        if (strangers.Count > 0) objections.Add(new Objection("scopes", "unknown", "The owner cannot have: " + string.Join(", ", strangers.Take(5)) + "."));
        return strangers.Count > 0 ? ScopeSet.Empty : ScopeSet.From(wanted);
    }

    private DateTimeOffset EndOf(DateTimeOffset? wanted, List<Objection> objections)
    {
        var now = clock.GetUtcNow();
        var end = wanted ?? now.AddDays(options.Value.DefaultDays);
        if (end <= now || end > now.AddDays(options.Value.MaximumDays)) objections.Add(new Objection("expires_at", "out_of_range", $"Later than now, and within {options.Value.MaximumDays} days."));
        // As it is stored.
        return DateTimeOffset.FromUnixTimeMilliseconds(end.ToUnixTimeMilliseconds());
    }

    private static List<string> AddressesOf(IReadOnlyList<string> wanted, List<Objection> objections)
    {
        var ranges = wanted.Where(static a => !string.IsNullOrWhiteSpace(a)).Select(static a => AddressRange.Canonical(a.Trim())).ToList();
        if (ranges.Count > MostAddresses) objections.Add(new Objection("allowed_addresses", "too_long", $"At most {MostAddresses} addresses and networks."));
        if (ranges.Contains(null)) objections.Add(new Objection("allowed_addresses", "malformed", "Addresses and networks, as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32."));
        return [.. ranges.OfType<string>().Distinct(StringComparer.Ordinal)];
    }
}
