using System.CommandLine;
using AuthServer.Hosting;

namespace AuthServer.Cli;

/// <summary>The program is the server and its command line. Without a command it serves; whatever follows in ASP.NET's form (<c>--Issuer=…</c>) are settings.</summary>
internal static class CommandLine
{
    private static readonly Func<Command>[] Commands = [ClientCommand.Create, UserCommand.Create, KeysCommand.Create, ApiKeyCommand.Create, AuditCommand.Create, ImportCommand.Create, ExportCommand.Create, ApplyCommand.Create, DiffCommand.Create, DoctorCommand.Create];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || args[0] == "serve" || args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version"))
            return await Server.ServeAsync(args is ["serve", .. var settings] ? settings : args);

        var root = new RootCommand("AuthServer: an OpenID Connect and OAuth 2 authorization server. Settings come from appsettings.json and the environment.");
        root.Subcommands.Add(new Command("serve", "Runs the server (also what happens without a command)."));
        foreach (var create in Commands) root.Subcommands.Add(create());
        return await root.Parse(args).InvokeAsync();
    }
}
