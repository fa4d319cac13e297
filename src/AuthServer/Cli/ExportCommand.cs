using System.CommandLine;
using AuthServer.Cli.Configuration;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Administration.Configuration;

namespace AuthServer.Cli;

/// <summary><c>export FILE</c>.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "YAML where the name ends in .yaml or .yml, otherwise JSON. It is overwritten." };
        var json = SharedOptions.Json();
        var command = new Command("export", "Writes the configuration into a file: rights, roles, organizations, groups, scopes and clients. No secrets, no people.") { file, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var document = Refused.OrGet(await context.Get<ConfigurationExport>().ReadAsync(Actors.CommandLine, token), "");
            var to = parsed.GetValue(file)!;
            await ConfigurationFile.WriteAsync(to, document, token);
            var counts = document.Where(static m => m.Key != "version").ToDictionary(static m => m.Key, static m => m.Value!.AsArray().Count, StringComparer.Ordinal);
            context.Write(counts, [.. counts.Select(static c => (c.Key, (string?)c.Value.ToString(System.Globalization.CultureInfo.InvariantCulture))), ("written to", to.FullName)]);
            return 0;
        }, ct));
        return command;
    }
}
