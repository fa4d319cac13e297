using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;
using AuthServer.Storage;

namespace AuthServer.Cli;

/// <summary><c>client add|list|remove|rotate-secret</c>.</summary>
internal static class ClientCommand
{
    public static Command Create()
    {
        var command = new Command("client", "Registers and lists clients.");
        command.Subcommands.Add(Add());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Remove());
        command.Subcommands.Add(RotateSecret());
        return command;
    }

    private static Command Add()
    {
        var file = new Option<FileInfo>("--file") { Description = "RFC 7591 metadata as JSON; client_id and client_secret may be chosen in it.", Required = true };
        var json = SharedOptions.Json();
        var command = new Command("add", "Registers a client.") { file, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), (context, token) => AddAsync(context, parsed.GetValue(file)!, token), ct));
        return command;
    }

    private static async Task<int> AddAsync(CommandContext context, FileInfo file, CancellationToken ct)
    {
        if (!file.Exists) throw new CommandException($"There is no file {file.FullName}.");
        var metadata = Parse(await File.ReadAllTextAsync(file.FullName, ct));
        var chosen = ChosenSecret(metadata);
        metadata.Remove("client_secret");
        var encryption = context.Get<KeyEncryption>();
        var outcome = await context.Get<ClientAdministration>()
            .CreateAsync(Actors.CommandLine, JsonSerializer.SerializeToElement(metadata), client => chosen is null ? null : NewSecret.Chosen(client, chosen, encryption), ct);
        var (registered, made) = Refused.OrGet(outcome, "");
        var (client, secret) = (registered.Client, made ?? (NewSecret.IsNeededBy(registered.Client) ? chosen : null));

        var answer = JsonNode.Parse(ClientJson.Write(client))!.AsObject();
        if (secret is not null) answer["client_secret"] = secret;
        context.Write(answer, ("client_id", client.ClientId), ("client_secret", secret is null ? null : secret + "   (shown once)"));
        return 0;
    }

    private static string? ChosenSecret(JsonObject metadata) => metadata["client_secret"] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) && text.Length > 0 => text,
        _ => throw new CommandException("client_secret must be text and not empty; leave it out to have one made."),
    };

    private static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text)?.AsObject() ?? throw new CommandException("The file is empty.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new CommandException("The file is not a JSON object: " + fault.Message);
        }
    }

    private static Command List()
    {
        var json = SharedOptions.Json();
        var command = new Command("list", "Lists the clients.") { json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var clients = await context.Get<ClientStore>().ReadClientsAsync(token);
            var rows = clients.OrderBy(c => c.ClientId, StringComparer.Ordinal).Select(c => new ClientRow(c.ClientId, c.ClientName, c.TokenEndpointAuthMethod, string.Join(' ', c.GrantTypes), c.Enabled, c.Development)).ToList();
            context.WriteTable(rows, "There are no clients yet. Add one: client add --file client.json",
                ("client_id", r => r.ClientId), ("name", r => r.ClientName), ("authentication", r => r.TokenEndpointAuthMethod), ("grants", r => r.GrantTypes), ("", r => r.Enabled ? r.Development ? "development" : "" : "disabled"));
            return 0;
        }, ct));
        return command;
    }

    private static Command Remove()
    {
        var id = new Argument<string>("client_id");
        var json = SharedOptions.Json();
        var command = new Command("remove", "Removes a client; everything issued to it stops working.") { id, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var clientId = parsed.GetValue(id)!;
            Refused.OrGet(await context.Get<ClientAdministration>().RemoveAsync(Actors.CommandLine, clientId, null, token), $"There is no client {clientId}.");
            context.Write(new { client_id = clientId, removed = true }, ("removed", clientId));
            return 0;
        }, ct));
        return command;
    }

    private static Command RotateSecret()
    {
        var id = new Argument<string>("client_id");
        var keep = new Option<int>("--keep-old") { Description = "Hours in which the old secret works too, so that the client can be changed in peace.", DefaultValueFactory = _ => 0 };
        var json = SharedOptions.Json();
        var command = new Command("rotate-secret", "Gives a client a new secret.") { id, keep, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), (context, token) => RotateAsync(context, parsed.GetValue(id)!, parsed.GetValue(keep), token), ct));
        return command;
    }

    private static async Task<int> RotateAsync(CommandContext context, string clientId, int keepHours, CancellationToken ct)
    {
        var outcome = await context.Get<ClientAdministration>().RotateSecretAsync(Actors.CommandLine, clientId, keepHours, null, ct);
        var secret = Refused.OrGet(outcome, $"There is no client {clientId}.").Secret;
        context.Write(new { client_id = clientId, client_secret = secret }, ("client_id", clientId), ("client_secret", secret + "   (shown once)"));
        return 0;
    }

    private sealed record ClientRow(string ClientId, string? ClientName, string TokenEndpointAuthMethod, string GrantTypes, bool Enabled, bool Development);
}
