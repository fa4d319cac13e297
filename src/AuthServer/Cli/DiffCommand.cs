using System.CommandLine;
using AuthServer.Cli.Configuration;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Administration.Configuration;

namespace AuthServer.Cli;

/// <summary><c>diff FILE</c>.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "A file like export writes one." };
        var json = SharedOptions.Json();
        var command = new Command("diff", "Says what apply would do, and what is here and not in the file. Ends with 1 where apply would do something.") { file, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var document = await ConfigurationFile.ReadAsync(parsed.GetValue(file)!, token);
            var changes = Refused.OrGet(await context.Get<ConfigurationApply>().CompareAsync(Actors.CommandLine, document, token), "");
            ChangeReport.Write(context, changes);
            return changes.Any(static c => c.Act is ConfigurationAct.Created or ConfigurationAct.Changed) ? 1 : 0;
        }, ct));
        return command;
    }
}
