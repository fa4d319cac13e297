using System.CommandLine;
using AuthServer.Cli.Import;

namespace AuthServer.Cli;

/// <summary><c>import users|keycloak|openiddict</c>.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var command = new Command("import", "Brings in what other systems know.");
        command.Subcommands.Add(UsersCommand.Create());
        command.Subcommands.Add(KeycloakCommand.Create());
        command.Subcommands.Add(OpenIddictCommand.Create());
        return command;
    }
}
