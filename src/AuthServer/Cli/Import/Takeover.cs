using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Directory;

namespace AuthServer.Cli.Import;

/// <summary>What became of one thing of another server.</summary>
/// <param name="Act"><c>added</c>, <c>left</c> (it is here already and stays as it is) or <c>refused</c>.</param>
/// <param name="Notes">What of it could not be taken over, and why.</param>
internal sealed record TakenOver(string Kind, string Name, string Act, IReadOnlyList<string> Notes);

/// <summary>Brings clients, scopes, roles and groups of another server in by the acts of the administration. What is here already stays as it is, so an import can be repeated.</summary>
internal sealed class Takeover(CommandContext context, bool dryRun)
{
    private static readonly Actor Actor = Actors.CommandLine;

    public List<TakenOver> Entries { get; } = [];

    public async Task ScopeAsync(JsonObject definition, IReadOnlyList<string> notes, CancellationToken ct)
    {
        var (scopes, name) = (context.Get<ScopeAdministration>(), definition["name"]!.GetValue<string>());
        if ((await scopes.FindAsync(Actor, name, ct)).TryGet(out _, out _)) Note("scope", name, "left", notes);
        else if (dryRun) Note("scope", name, "added", notes);
        else Note("scope", name, await scopes.CreateAsync(Actor, JsonSerializer.SerializeToElement(definition), ct), notes);
    }

    /// <param name="brought">The client's secret, for the client as it is stored; null: it has none that could be taken over.</param>
    public async Task ClientAsync(JsonObject metadata, Func<Client, ClientSecret?> brought, IReadOnlyList<string> notes, CancellationToken ct)
    {
        var (clients, id, json) = (context.Get<ClientAdministration>(), metadata["client_id"]!.GetValue<string>(), JsonSerializer.SerializeToElement(metadata));
        if ((await clients.FindAsync(Actor, id, ct)).TryGet(out _, out _)) Note("client", id, "left", notes);
        else if (dryRun) Note("client", id, ClientAdministration.Check(Actor, json), notes);
        else Note("client", id, await clients.CreateAsync(Actor, json, brought, ct), notes);
    }

    public async Task RoleAsync(string name, string? description, IReadOnlyList<string> notes, CancellationToken ct)
    {
        var directory = context.Get<DirectoryAdministration>();
        if ((await directory.FindByNameAsync<Role>(Actor, name, ct)).TryGet(out _, out _)) Note("role", name, "left", notes);
        else if (dryRun) Note("role", name, "added", notes);
        else Note("role", name, await directory.CreateRoleAsync(Actor, new RoleForm { Name = name, Description = description }, ct), notes);
    }

    public async Task GroupAsync(string name, IEnumerable<string> roles, CancellationToken ct)
    {
        var directory = context.Get<DirectoryAdministration>();
        if ((await directory.FindByNameAsync<Group>(Actor, name, ct)).TryGet(out _, out _)) Note("group", name, "left", []);
        else if (dryRun) Note("group", name, "added", []);
        else
        {
            var outcome = await directory.CreateGroupAsync(Actor, new GroupForm { Name = name }, ct);
            Note("group", name, outcome, []);
            if (!outcome.TryGet(out var group, out _)) return;
            foreach (var role in roles)
                if ((await directory.FindByNameAsync<Role>(Actor, role, ct)).TryGet(out var found, out _)) await context.Get<Memberships>().LinkAsync(Actor, DirectoryLink.GroupRole, group.Id, found.Id, ct);
        }
    }

    /// <summary>The scopes without those that open something of this server: another server gave that name, not this one's administrator.</summary>
    public static IReadOnlyList<string> WithoutPower(IEnumerable<string> scopes, List<string> notes)
    {
        var all = scopes.Distinct(StringComparer.Ordinal).ToList();
        foreach (var power in all.Where(AdminRights.Contains)) notes.Add($"the scope {power} would open this server and is left out");
        return [.. all.Where(static s => !AdminRights.Contains(s))];
    }

    public void Refuse(string kind, string name, string why) => Note(kind, name, "refused", [why]);

    private void Note<T>(string kind, string name, Outcome<T> outcome, IReadOnlyList<string> notes) where T : class =>
        Note(kind, name, outcome.TryGet(out _, out var refusal) ? "added" : "refused", refusal is null ? notes : [.. refusal.Objections.Select(static o => o.Message), .. notes]);

    private void Note(string kind, string name, string act, IReadOnlyList<string> notes) => Entries.Add(new TakenOver(kind, name, act, notes));

    /// <summary>For programs and for people; each entry by itself, those without notes only counted.</summary>
    public IEnumerable<(string, string?)> Lines()
    {
        foreach (var entry in Entries.Where(static e => e.Notes.Count > 0 || e.Act == "refused"))
            foreach (var (i, note) in (entry.Notes.Count > 0 ? entry.Notes : ["refused"]).Index()) yield return (i == 0 ? entry.Act : "", $"{entry.Kind} {entry.Name}: {note}");
        foreach (var group in Entries.GroupBy(static e => (e.Kind, e.Act)))
            yield return ($"{group.Key.Kind}s {(dryRun && group.Key.Act == "added" ? "to add" : group.Key.Act)}", group.Count().ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
