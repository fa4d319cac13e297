using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;
using AuthServer.Hosting;
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
        if (!ClientMetadata.Read(JsonSerializer.SerializeToElement(metadata)).TryGet(out var client, out var error)) throw new CommandException(error.Description!);

        var store = context.Get<ClientStore>();
        if (await store.FindAsync(client.ClientId, ct) is not null) throw new CommandException($"There is a client {client.ClientId} already.");
        var (secret, stored) = NewSecret(client, chosen, context.Get<KeyEncryption>());
        client = client with { Secrets = stored is null ? [] : [stored] };
        await store.UpsertAsync(client, null, ct);
        context.Get<IAuditTrail>().Record(new AuditEvent(AuditKind.ClientChanged, client.ClientId, Detail: "added by the command line"));

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

    /// <summary>A chosen secret is hashed slowly; one that is made here has 256 random bits and needs no more than SHA-256.</summary>
    private static (string? Secret, ClientSecret? Stored) NewSecret(Client client, string? chosen, KeyEncryption encryption)
    {
        if (client.TokenEndpointAuthMethod is "none" or "private_key_jwt") return (null, null);
        if (chosen is not null) return (chosen, DeclaredClients.NewSecret(client, chosen, encryption));
        var made = ClientSecret.NewValue();
        var readable = client.TokenEndpointAuthMethod == "client_secret_jwt" ? Engine.ClientAuthentication.ReadableSecret.Encrypt(encryption, made) : null;
        return (made, new ClientSecret(ClientSecret.HashOfMade(made), Encrypted: readable));
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
            if (!await context.Get<ClientStore>().RemoveAsync(clientId, token)) throw new CommandException($"There is no client {clientId}.");
            context.Get<IAuditTrail>().Record(new AuditEvent(AuditKind.ClientChanged, clientId, Detail: "removed by the command line"));
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
        var store = context.Get<ClientStore>();
        var client = await store.FindAsync(clientId, ct) ?? throw new CommandException($"There is no client {clientId}.");
        var (secret, stored) = NewSecret(client, null, context.Get<KeyEncryption>());
        if (stored is null) throw new CommandException($"Client {clientId} authenticates by {client.TokenEndpointAuthMethod}; it has no secret.");

        var end = context.Get<TimeProvider>().GetUtcNow().AddHours(keepHours);
        var old = keepHours > 0 ? client.Secrets.Take(1).Select(s => s with { ExpiresAt = end }) : [];
        await store.UpsertAsync(client with { Secrets = [stored, .. old] }, null, ct);
        context.Get<IAuditTrail>().Record(new AuditEvent(AuditKind.ClientChanged, clientId, Detail: "secret rotated by the command line"));
        context.Write(new { client_id = clientId, client_secret = secret }, ("client_id", clientId), ("client_secret", secret + "   (shown once)"));
        return 0;
    }

    private sealed record ClientRow(string ClientId, string? ClientName, string TokenEndpointAuthMethod, string GrantTypes, bool Enabled, bool Development);
}
