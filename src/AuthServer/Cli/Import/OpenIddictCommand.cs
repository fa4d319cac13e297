using System.CommandLine;
using AuthServer.Cli.Import.OpenIddict;

namespace AuthServer.Cli.Import;

/// <summary><c>import openiddict CONNECTION</c>.</summary>
internal static class OpenIddictCommand
{
    public static Command Create()
    {
        var connection = new Argument<string>("connection") { Description = "A connection string of SQLite or PostgreSQL, or the path of a SQLite file." };
        var (dryRun, json) = (ImportOptions.DryRun(), SharedOptions.Json());
        var command = new Command("openiddict", "Brings in applications and scopes of a server with OpenIddict; their secrets keep working.") { connection, dryRun, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var (applications, scopes) = await OpenIddictDatabase.ReadAsync(parsed.GetValue(connection)!, token);
            var takeover = new Takeover(context, parsed.GetValue(dryRun));
            foreach (var row in scopes) await TryAsync(takeover, "scope", row.Text("Name"), async () =>
            {
                var (definition, notes) = OpenIddictApplication.Scope(row);
                await takeover.ScopeAsync(definition, notes, token);
            });
            foreach (var row in applications) await TryAsync(takeover, "client", row.Text("ClientId"), async () =>
            {
                var (metadata, secret, notes) = OpenIddictApplication.Read(row);
                await takeover.ClientAsync(metadata, _ => secret, notes, token);
            });

            context.Write(new { dry_run = parsed.GetValue(dryRun), takeover.Entries }, [.. takeover.Lines()]);
            return takeover.Entries.Exists(static e => e.Act == "refused") ? 1 : 0;
        }, ct));
        return command;
    }

    private static async Task TryAsync(Takeover takeover, string kind, string? name, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (FormatException fault)
        {
            takeover.Refuse(kind, name ?? "?", fault.Message);
        }
    }
}
