using System.CommandLine;
using System.Text.Json;
using AuthServer.Engine.Audit;
using AuthServer.Storage.Sql;

namespace AuthServer.Cli;

/// <summary><c>audit verify|export|prune</c>.</summary>
internal static class AuditCommand
{
    private const int Batch = 1_000;

    private static readonly JsonSerializerOptions LineOptions = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var command = new Command("audit", "Verifies, exports and prunes the audit trail.");
        command.Subcommands.Add(Verify());
        command.Subcommands.Add(Export());
        command.Subcommands.Add(Prune());
        return command;
    }

    private static Command Verify()
    {
        var json = SharedOptions.Json();
        var command = new Command("verify", "Looks whether a line of the trail was changed, put in or taken out. Keep the head it prints somewhere else: it shows later that nothing was cut off the end.") { json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var verdict = await context.Get<AuditVerifier>().VerifyAsync(token);
            var head = verdict.Head is { } place ? $"{place.Id} {Convert.ToHexStringLower(place.Hash!)}" : null;
            context.Write(new { whole = verdict.BrokenAt is null, verdict.Lines, verdict.Unchained, head, broken_at = verdict.BrokenAt },
                ("chain", verdict.BrokenAt is null ? "whole" : "BROKEN"), ("broken at line", verdict.BrokenAt?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("lines", verdict.Lines.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("older, unchained", verdict.Unchained > 0 ? verdict.Unchained.ToString(System.Globalization.CultureInfo.InvariantCulture) : null), ("head", head));
            return verdict.BrokenAt is null ? 0 : 1;
        }, ct));
        return command;
    }

    private static Command Export()
    {
        var after = new Option<long>("--after") { Description = "Only lines behind this one (its id); for regular exports." };
        var command = new Command("export", "Writes the trail as JSON lines, the oldest first, with the hashes of its chain.") { after };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(json: false, async (context, token) =>
        {
            var last = parsed.GetValue(after);
            var reader = context.Get<IAuditReader>();
            while (await reader.ReadChainAsync(last, Batch, token) is { Count: > 0 } batch)
            {
                foreach (var (entry, hash) in batch) Console.WriteLine(JsonSerializer.Serialize(Line(entry, hash), LineOptions));
                last = batch[^1].Entry.Id;
            }

            return 0;
        }, ct));
        return command;
    }

    private static object Line(AuditEntry entry, byte[]? hash) => new
    {
        entry.Id, entry.At, kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Event.Kind.ToString()), entry.Event.Actor, entry.Event.Subject, entry.Event.Target, entry.Event.ClientId, entry.Event.SessionId,
        entry.Event.Address, entry.Event.Detail, hash = hash is null ? null : Convert.ToHexStringLower(hash),
    };

    private static Command Prune()
    {
        var json = SharedOptions.Json();
        var command = new Command("prune", "Takes away what is older than Audit:RetentionDays; the server does the same every hour.") { json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var gone = await context.Get<SqlAuditRetention>().PruneAsync(Batch, context.Get<TimeProvider>().GetUtcNow(), token);
            context.Write(new { pruned = gone }, ("pruned", gone.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            return 0;
        }, ct));
        return command;
    }
}
