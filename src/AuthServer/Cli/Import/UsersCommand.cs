using System.CommandLine;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Administration.Imports;
using AuthServer.Engine.Audit;
using Spectre.Console;

namespace AuthServer.Cli.Import;

/// <summary><c>import users FILE</c>.</summary>
internal static class UsersCommand
{
    /// <summary>People per transaction: few enough that a server beside the import is not kept waiting.</summary>
    private const int Batch = 500;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "CSV with the names of its columns in the first line, or one JSON object per line; docs/import.md names the columns." };
        var resume = new Option<bool>("--resume") { Description = "Go on where an import was broken off: whoever is here already is passed over." };
        var missing = new Option<bool>("--create-missing") { Description = "Make the roles, groups and organizations that do not exist." };
        var report = new Option<FileInfo?>("--report") { Description = "Write every refused line there: its number and the reason." };
        var (dryRun, json) = (ImportOptions.DryRun(), SharedOptions.Json());
        var command = new Command("users", "Brings in people with their ids, password hashes and memberships.") { file, dryRun, resume, missing, report, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var source = parsed.GetValue(file)!;
            if (!source.Exists) throw new CommandException($"There is no file {source.FullName}.");
            var options = new PeopleImportOptions { DryRun = parsed.GetValue(dryRun), Resume = parsed.GetValue(resume), CreateMissing = parsed.GetValue(missing), Source = source.Name };
            var run = Refused.OrGet(context.Get<PeopleImport>().Begin(Actors.CommandLine, options), "");
            var people = new PeopleFile(source);
            var total = new PeopleReport();
            await WithProgressAsync(parsed.GetValue(json), async show =>
            {
                foreach (var lines in people.Read(Batch))
                {
                    total.Add(lines.Count, await run.WriteAsync(lines, token));
                    // What was written stands in the trail, whatever happens to the next batch.
                    await context.Get<AuditTrail>().FlushAsync(token);
                    show(people.Percent);
                }
            });

            if (parsed.GetValue(report) is { } to) await total.WriteAsync(to, token);
            context.Write(total.Json(options.DryRun), [.. total.Lines(options.DryRun), ("ignored columns", people.Ignored.Count > 0 ? string.Join(", ", people.Ignored) : null)]);
            return total.Refused.Count > 0 ? 1 : 0;
        }, ct));
        return command;
    }

    /// <summary>A bar where somebody looks at it.</summary>
    private static async Task WithProgressAsync(bool json, Func<Action<double>, Task> work)
    {
        if (json || Console.IsOutputRedirected)
        {
            await work(static _ => { });
            return;
        }

        await AnsiConsole.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask("people", maxValue: 100);
                await work(percent => task.Value = percent);
            });
    }
}
