using System.CommandLine;
using System.Globalization;
using AuthServer.Engine.Administration;

namespace AuthServer.Cli;

/// <summary><c>keys list|rotate</c>.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var command = new Command("keys", "Lists and rotates the signing keys.");
        command.Subcommands.Add(List());
        command.Subcommands.Add(Rotate());
        return command;
    }

    private static Command List()
    {
        var json = SharedOptions.Json();
        var command = new Command("list", "Lists the signing keys.") { json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), static async (context, token) => Show(context, await context.Get<KeyAdministration>().ListAsync(Actors.CommandLine, token)), ct));
        return command;
    }

    private static Command Rotate()
    {
        var atOnce = new Option<bool>("--now") { Description = "Sign with the new keys at once, for keys that are compromised. Without it they are announced first." };
        var json = SharedOptions.Json();
        var command = new Command("rotate", "Makes new signing keys; the old ones still verify.") { atOnce, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
            Show(context, await context.Get<KeyAdministration>().RotateAsync(Actors.CommandLine, parsed.GetValue(atOnce), token)), ct));
        return command;
    }

    private static int Show(CommandContext context, Outcome<IReadOnlyList<ServerKey>> outcome)
    {
        var rows = Refused.OrGet(outcome, "").Select(static k => new KeyRow(k.Kid, k.Type, k.State, k.ActiveFrom, k.RetiredFrom, k.RemovedFrom)).ToList();
        context.WriteTable(rows, "There are no keys yet.", ("kid", r => r.Kid), ("type", r => r.Kty), ("state", r => r.State), ("signs from", r => Day(r.ActiveFrom)), ("until", r => Day(r.RetiredFrom)), ("removed", r => Day(r.RemovedFrom)));
        return 0;
    }

    private static string Day(DateTimeOffset time) => time.ToString("u", CultureInfo.InvariantCulture);

    private sealed record KeyRow(string Kid, string Kty, string State, DateTimeOffset ActiveFrom, DateTimeOffset RetiredFrom, DateTimeOffset RemovedFrom);
}
