using System.CommandLine;
using AuthServer.Engine.Keys;

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
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), ListAsync, ct));
        return command;
    }

    private static Command Rotate()
    {
        var atOnce = new Option<bool>("--now") { Description = "Sign with the new keys at once, for keys that are compromised. Without it they are announced first." };
        var json = SharedOptions.Json();
        var command = new Command("rotate", "Makes new signing keys; the old ones still verify.") { atOnce, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            await context.Get<KeyRotation>().RotateAsync(parsed.GetValue(atOnce), token);
            return await ListAsync(context, token);
        }, ct));
        return command;
    }

    private static async Task<int> ListAsync(CommandContext context, CancellationToken ct)
    {
        var ring = context.Get<KeyRing>();
        await ring.ReloadAsync(ct);
        var now = context.Get<TimeProvider>().GetUtcNow();
        var rows = ring.All.Select(k => new KeyRow(k.Stored.Kid, k.Stored.Kty, k.State(now), k.Stored.ActiveFrom, k.Stored.RetiredFrom, k.Stored.RemovedFrom)).ToList();
        context.WriteTable(rows, "There are no keys yet.",
            ("kid", r => r.Kid), ("type", r => r.Kty), ("state", r => r.State), ("signs from", r => r.ActiveFrom.ToString("u", System.Globalization.CultureInfo.InvariantCulture)), ("until", r => r.RetiredFrom.ToString("u", System.Globalization.CultureInfo.InvariantCulture)), ("removed", r => r.RemovedFrom.ToString("u", System.Globalization.CultureInfo.InvariantCulture)));
        return 0;
    }

    private sealed record KeyRow(string Kid, string Kty, string State, DateTimeOffset ActiveFrom, DateTimeOffset RetiredFrom, DateTimeOffset RemovedFrom);
}
