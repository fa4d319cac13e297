using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Administration;

/// <summary>Scopes and the resources behind them. OpenID Connect's own and this server's own are shown and cannot be changed.</summary>
public sealed class ScopeAdministration(IRegistryStore store, ClientRegistry registry, IAuditTrail audit)
{
    private const int Attempts = 5;
    private const int LongestText = 500;

    private static readonly HashSet<string> Members = new(StringComparer.Ordinal) { "name", "display_name", "description", "claims", "resources", "reserved", "advertised" };

    /// <summary>Sorted by <c>name</c>.</summary>
    public async Task<Outcome<Page<RegisteredScope>>> ListAsync(Actor actor, ScopeFilter filter, PageRequest request, CancellationToken ct)
    {
        if (!actor.May(AdminRights.ClientsRead)) return Refusal.Lacks(AdminRights.ClientsRead);
        var matching = (await AllAsync(ct)).Where(s =>
            (filter.BuiltIn is null || s.BuiltIn == filter.BuiltIn) && (filter.Resource is null || s.Scope.Resources.Contains(filter.Resource, StringComparer.Ordinal))
            && (string.IsNullOrWhiteSpace(filter.Search) || Says(s.Scope.Name, filter.Search) || Says(s.Scope.DisplayName, filter.Search) || Says(s.Scope.Description, filter.Search)));
        return SortedList.Page(matching, request, static s => s.Scope.Name, ("name", static s => s.Scope.Name));
    }

    /// <summary>Every resource that a scope or a client names, by its identifier.</summary>
    public async Task<Outcome<IReadOnlyList<KnownResource>>> ResourcesAsync(Actor actor, CancellationToken ct)
    {
        if (!actor.May(AdminRights.ClientsRead)) return Refusal.Lacks(AdminRights.ClientsRead);
        var byScope = (await AllAsync(ct)).SelectMany(static s => s.Scope.Resources.Select(r => (Resource: r, Scope: s.Scope.Name))).ToLookup(static s => s.Resource, static s => s.Scope, StringComparer.Ordinal);
        var byClient = registry.All.SelectMany(static c => c.AllowedResources.Select(r => (Resource: r, Client: c.ClientId))).ToLookup(static c => c.Resource, static c => c.Client, StringComparer.Ordinal);
        return Outcome.Of<IReadOnlyList<KnownResource>>([.. byScope.Select(static s => s.Key).Union(byClient.Select(static c => c.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(r => new KnownResource(r, [.. byScope[r].Order(StringComparer.Ordinal)], [.. byClient[r].Order(StringComparer.Ordinal)]))]);
    }

    public async Task<Outcome<RegisteredScope>> FindAsync(Actor actor, string name, CancellationToken ct)
    {
        if (!actor.May(AdminRights.ClientsRead)) return Refusal.Lacks(AdminRights.ClientsRead);
        return await FindAsync(name, ct) is { } scope ? scope : Refusal.NotFound;
    }

    /// <param name="definition">Members of <see cref="ScopeDefinition"/>; only <c>name</c> is needed.</param>
    public async Task<Outcome<RegisteredScope>> CreateAsync(Actor actor, JsonElement definition, CancellationToken ct)
    {
        if (!actor.May(AdminRights.ClientsWrite)) return Refusal.Lacks(AdminRights.ClientsWrite);
        if (!Read([], definition).TryGet(out var scope, out var refusal)) return refusal;
        if (await FindAsync(scope.Name, ct) is not null || !await store.TryAddScopeAsync(scope, ct)) return Refusal.Conflict("name", "taken", $"There is a scope {scope.Name} already.");
        return await AnswerAsync(actor, scope.Name, "added", ct);
    }

    public async Task<Outcome<RegisteredScope>> UpdateAsync(Actor actor, string name, JsonElement mergePatch, long? version, CancellationToken ct)
    {
        if (!actor.May(AdminRights.ClientsWrite)) return Refusal.Lacks(AdminRights.ClientsWrite);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (!(await ChangeableAsync(name, version, ct)).TryGet(out var found, out var refusal)) return refusal;
            if (!Read(JsonSerializer.SerializeToNode(found.Scope, ClientJson.Options)!.AsObject(), mergePatch).TryGet(out var changed, out refusal)) return refusal;
            if (changed.Name != name) return Refusal.Invalid(new Objection("name", "not_allowed", "A scope keeps its name: clients and tokens know it by that."));
            if (await store.TryUpdateScopeAsync(changed, found.Version, ct)) return await AnswerAsync(actor, name, "changed", ct);
        }

        return Refusal.Stale;
    }

    /// <summary>Only a scope that no client names: a name that stays behind would give the client whatever gets this name later.</summary>
    public async Task<Outcome<Done>> RemoveAsync(Actor actor, string name, long? version, CancellationToken ct)
    {
        if (!actor.May(AdminRights.ClientsWrite)) return Refusal.Lacks(AdminRights.ClientsWrite);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (!(await ChangeableAsync(name, version, ct)).TryGet(out var found, out var refusal)) return refusal;
            var holders = registry.All.Where(c => c.Scope?.Contains(name) == true).Select(static c => c.ClientId).Order(StringComparer.Ordinal).Take(5).ToList();
            if (holders.Count > 0) return Refusal.Conflict("name", "in_use", "Clients name this scope; take it from them first: " + string.Join(", ", holders) + ".");
            if (!await store.TryRemoveScopeAsync(name, found.Version, ct)) continue;
            await NoteAsync(actor, name, "removed", ct);
            return Done.It;
        }

        return Refusal.Stale;
    }

    private async Task<Outcome<RegisteredScope>> ChangeableAsync(string name, long? version, CancellationToken ct)
    {
        if (await FindAsync(name, ct) is not { } found) return Refusal.NotFound;
        if (found.BuiltIn) return Refusal.Conflict("name", "not_allowed", $"The scope {name} belongs to the server and cannot be changed.");
        return version is null || version == found.Version ? found : Refusal.Stale;
    }

    private static Outcome<ScopeDefinition> Read(JsonObject present, JsonElement change)
    {
        if (change.ValueKind != JsonValueKind.Object) return Refusal.Invalid(new Objection("", "malformed", "A scope is a JSON object."));
        if (change.EnumerateObject().Where(static m => !Members.Contains(m.Name)).Select(static m => m.Name).ToList() is { Count: > 0 } strangers)
            return Refusal.Invalid([.. strangers.Select(static n => new Objection(n.Length <= 64 ? n : n[..64], "unknown", "There is no such member."))]);
        ScopeDefinition scope;
        try
        {
            scope = MergePatch.Apply(present, change).Deserialize<ScopeDefinition>(ClientJson.Options)!;
        }
        catch (JsonException wrong)
        {
            var field = wrong.Path is { Length: > 2 } path ? path[2..].Split('[')[0] : "name";
            return Refusal.Invalid(new Objection(field, "malformed", field == "name" ? "A scope needs a name." : "This member is not of the right type."));
        }

        var objections = Objections(scope).ToList();
        return objections.Count > 0 ? Refusal.Invalid(objections) : scope;
    }

    private static IEnumerable<Objection> Objections(ScopeDefinition scope)
    {
        if (scope.Name.Length is 0 or > 100 || scope.Name.Contains(' ', StringComparison.Ordinal) || !ScopeSet.TryParse(scope.Name, out _))
            yield return new Objection("name", "malformed", "A scope's name has 1 to 100 printable ASCII characters, without spaces, quotes and backslashes (RFC 6749 §3.3).");
        foreach (var (field, text) in new[] { ("display_name", scope.DisplayName), ("description", scope.Description) })
            if (text?.Length > LongestText) yield return new Objection(field, "too_long", $"At most {LongestText} characters.");
        if (scope.Claims.Any(static c => string.IsNullOrWhiteSpace(c))) yield return new Objection("claims", "malformed", "A claim needs a name.");
        // RFC 8707 §2: an absolute URI without fragment.
        if (scope.Resources.Any(static r => !Uri.TryCreate(r, UriKind.Absolute, out _) || r.Contains('#', StringComparison.Ordinal)))
            yield return new Objection("resources", "malformed", "A resource is an absolute URI without fragment (RFC 8707 §2).");
    }

    /// <summary>The stored ones from the database, so that nobody is shown a version of two seconds ago; the server's own from memory.</summary>
    private async Task<IEnumerable<RegisteredScope>> AllAsync(CancellationToken ct)
    {
        var stored = await store.ListScopesAsync(ct);
        var builtIn = registry.Scopes.BuiltIn;
        return builtIn.Select(static s => new RegisteredScope { Scope = s, BuiltIn = true, Version = 0 })
            .Concat(stored.Where(s => !builtIn.Any(b => b.Name == s.Scope.Name)).Select(static s => new RegisteredScope { Scope = s.Scope, BuiltIn = false, Version = s.Version }));
    }

    private async Task<RegisteredScope?> FindAsync(string name, CancellationToken ct) => (await AllAsync(ct)).FirstOrDefault(s => s.Scope.Name == name);

    private async Task<Outcome<RegisteredScope>> AnswerAsync(Actor actor, string name, string act, CancellationToken ct)
    {
        await NoteAsync(actor, name, act, ct);
        return await FindAsync(name, ct) is { } scope ? scope : Refusal.NotFound;
    }

    private async Task NoteAsync(Actor actor, string name, string act, CancellationToken ct)
    {
        audit.Record(new AuditEvent(AuditKind.ScopeChanged, Address: actor.Address, Detail: act, Actor: actor.AuditName, Target: "scope:" + name));
        await registry.ReloadAsync(ct);
    }

    private static bool Says(string? text, string search) => text?.Contains(search.Trim(), StringComparison.OrdinalIgnoreCase) == true;
}
