using System.Globalization;
using System.Text.Json.Nodes;
using AuthServer.Engine.Audit;

namespace AuthServer.Engine.Administration.Configuration;

/// <summary>
/// Makes the configuration what a document says. What the document does not name stays: a line that is missing may be a mistake. Applied twice it does nothing the second time.
/// </summary>
/// <remarks>The whole document is checked before anything is written. Every write is an act of the administration with all its checks and its line in the audit trail, each whole in itself; where one is refused, the others are done all the same.</remarks>
public sealed class ConfigurationApply(ConfigurationExport export, ConfigurationWriter writer, IAuditTrail audit)
{
    /// <summary>What <see cref="ApplyAsync"/> would do, and what the document does not name. Writes nothing.</summary>
    public async Task<Outcome<IReadOnlyList<ConfigurationChange>>> CompareAsync(Actor actor, JsonObject document, CancellationToken ct)
    {
        if (ConfigurationDifference.Objections(document) is { Count: > 0 } objections) return Refusal.Invalid(objections);
        if (!(await export.ReadAsync(actor, ct)).TryGet(out var present, out var refusal)) return refusal;

        var changes = new List<ConfigurationChange>();
        foreach (var kind in ConfigurationKind.All)
        {
            var there = There(present, kind);
            foreach (var (name, entry) in Named(document, kind))
            {
                var known = there.Remove(name, out var before);
                var members = ConfigurationDifference.Members(kind, before, entry);
                changes.Add(new ConfigurationChange(kind.Word, name, known ? members.Count == 0 ? ConfigurationAct.Left : ConfigurationAct.Changed : ConfigurationAct.Created, members));
            }

            changes.AddRange(there.Keys.Order(StringComparer.Ordinal).Select(name => new ConfigurationChange(kind.Word, name, ConfigurationAct.OnlyHere, [])));
        }

        return Outcome.Of<IReadOnlyList<ConfigurationChange>>(changes);
    }

    /// <param name="source">What is read, for the audit trail: a file's name.</param>
    public async Task<Outcome<IReadOnlyList<ConfigurationChange>>> ApplyAsync(Actor actor, JsonObject document, string source, CancellationToken ct)
    {
        foreach (var right in new[] { AdminRights.DirectoryWrite, AdminRights.RolesWrite, AdminRights.ClientsWrite })
            if (!actor.May(right)) return Refusal.Lacks(right);
        if (!(await CompareAsync(actor, document, ct)).TryGet(out var plan, out var refusal)) return refusal;

        var done = new List<ConfigurationChange>(plan.Count);
        foreach (var kind in ConfigurationKind.All)
        {
            var entries = Named(document, kind);
            foreach (var change in plan.Where(c => c.Kind == kind.Word && c.Act != ConfigurationAct.OnlyHere))
                done.Add(change.Act == ConfigurationAct.Left ? change : await writer.WriteAsync(actor, kind, change, entries[change.Name], ct));
        }

        if (done.Exists(static c => c.Act is ConfigurationAct.Created or ConfigurationAct.Changed)) Record(actor, done, source);
        return Outcome.Of<IReadOnlyList<ConfigurationChange>>(done);
    }

    private static Dictionary<string, JsonObject> Named(JsonObject document, ConfigurationKind kind) =>
        ConfigurationDifference.Entries(document, kind).ToDictionary(e => ConfigurationDifference.KeyOf(kind, e)!, kind.Names);

    private static Dictionary<string, JsonObject> There(JsonObject present, ConfigurationKind kind) => Named(present, kind);

    private void Record(Actor actor, List<ConfigurationChange> done, string source)
    {
        var (created, changed) = (done.Count(static c => c.Act == ConfigurationAct.Created), done.Count(static c => c.Act == ConfigurationAct.Changed));
        audit.Record(new AuditEvent(AuditKind.ConfigurationApplied, Address: actor.Address, Actor: actor.AuditName, Detail: string.Create(CultureInfo.InvariantCulture, $"{created} created, {changed} changed from {source}")));
    }
}
