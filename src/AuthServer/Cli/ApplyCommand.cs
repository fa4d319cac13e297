using System.CommandLine;
using AuthServer.Cli.Configuration;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Administration.Configuration;

namespace AuthServer.Cli;

/// <summary><c>apply FILE</c>.</summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "A file like export writes one; entries and members it leaves out stay as they are." };
        var json = SharedOptions.Json();
        var command = new Command("apply", "Makes the configuration what a file says. Applied twice it does nothing the second time. Nothing is ever deleted.") { file, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var source = parsed.GetValue(file)!;
            var document = await ConfigurationFile.ReadAsync(source, token);
            var changes = Refused.OrGet(await context.Get<ConfigurationApply>().ApplyAsync(Actors.CommandLine, document, source.Name, token), "");
            ChangeReport.Write(context, changes);
            return changes.Any(static c => c.Act == ConfigurationAct.Refused) ? 1 : 0;
        }, ct));
        return command;
    }
}
