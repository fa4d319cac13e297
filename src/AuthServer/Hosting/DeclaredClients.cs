using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;
using AuthServer.Storage;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>
/// Clients and scopes that the settings declare (<c>Clients</c>, <c>Scopes</c>, and the file <c>ClientsFile</c> with the same two lists). Applied at start: created or
/// updated, never deleted, because a line that is missing may be a mistake.
/// </summary>
/// <remarks>
/// What an administrator changed stays until the declaration itself changes: only then does it win again. Its secret is compared on its own, so that a secret that was rotated
/// is not undone by a new redirect URI in the settings.
/// </remarks>
internal sealed partial class DeclaredClients(IConfiguration configuration, IOptions<ServerOptions> options, ClientStore store, KeyEncryption encryption, IHostEnvironment environment, ILogger<DeclaredClients> logger)
{
    private readonly record struct Declared(JsonElement Metadata, string? Secret, string MetadataPrint, string SecretPrint)
    {
        public string Fingerprint => $"{MetadataPrint}.{SecretPrint}";
    }

    public async Task ApplyAsync(CancellationToken ct)
    {
        var (clients, scopes) = Read();
        foreach (var scope in scopes) await store.UpsertScopeAsync(scope, ct);

        var known = await store.ReadFingerprintsAsync(ct);
        foreach (var declared in clients)
        {
            if (!ClientMetadata.Read(declared.Metadata).TryGet(out var client, out var error))
                throw new OptionsValidationException("Clients", typeof(Client), [$"A declared client is not good: {error.Description}."]);
            if (declared.Metadata.TryGetProperty("client_id", out _) is false) throw new OptionsValidationException("Clients", typeof(Client), ["A declared client has no client_id."]);
            if (!environment.IsDevelopment() && declared.Secret is { } shown && ProductionRules.IsDevelopmentSecret(shown))
                throw new StartRefusedException([$"The secret of client {client.ClientId} is one of the demo secrets that everybody can read. Give it one of its own, for example: openssl rand -base64 32."]);
            if (known.TryGetValue(client.ClientId, out var fingerprint) && fingerprint == declared.Fingerprint) continue;

            client = client with { Secrets = await KeptSecretsAsync(client, fingerprint, declared, ct) ?? (declared.Secret is { } secret ? [NewSecret.Chosen(client, secret, encryption)] : []) };
            if (client.IsConfidential && client.TokenEndpointAuthMethod != "private_key_jwt" && declared.Secret is null)
                throw new OptionsValidationException("Clients", typeof(Client), [$"The declared client {client.ClientId} needs a client_secret."]);
            await store.UpsertAsync(client, declared.Fingerprint, ct);
            Applied(logger, client.ClientId);
        }
    }

    /// <summary>The secrets that are there, where the declared one is what it was; null where it has to be taken from the declaration.</summary>
    private async Task<IReadOnlyList<ClientSecret>?> KeptSecretsAsync(Client client, string? fingerprint, Declared declared, CancellationToken ct)
    {
        if (fingerprint?.Split('.') is not [_, var secretPrint] || secretPrint != declared.SecretPrint || await store.FindAsync(client.ClientId, ct) is not { } present) return null;
        var fitting = present.Secrets.Where(s => NewSecret.Fits(client, s)).ToList();
        return fitting.Count > 0 ? fitting : null;
    }

    private (List<Declared> Clients, List<ScopeDefinition> Scopes) Read()
    {
        var settings = new JsonObject { ["Clients"] = Json(configuration.GetSection("Clients")) ?? new JsonArray(), ["Scopes"] = Json(configuration.GetSection("Scopes")) ?? new JsonArray() };
        var sources = new List<JsonNode> { settings };
        if (options.Value.ClientsFile is { Length: > 0 } file) sources.Add(Parse(file));

        var clients = new List<Declared>();
        var scopes = new List<ScopeDefinition>();
        foreach (var source in sources)
        {
            foreach (var client in Items(source, "Clients")) clients.Add(Declare(client));
            foreach (var scope in Items(source, "Scopes"))
                scopes.Add(Scope(scope));
        }

        return (clients, scopes);
    }

    private static JsonObject Parse(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? throw new SettingsException($"{file} must hold a JSON object with the lists Clients and Scopes.");
        }
        catch (JsonException fault)
        {
            throw new SettingsException($"{file} is not good JSON: {fault.Message}");
        }
    }

    private static ScopeDefinition Scope(JsonNode node)
    {
        try
        {
            return node.Deserialize<ScopeDefinition>(ClientJson.Options)!;
        }
        catch (JsonException fault)
        {
            throw new SettingsException($"A declared scope is not good: {fault.Message}");
        }
    }

    private Declared Declare(JsonNode node)
    {
        if (node is not JsonObject metadata) throw new SettingsException("A declared client must be an object of client metadata.");
        var secret = metadata["client_secret"] switch
        {
            null => null,
            // A variable of the environment that is not set arrives as an empty text.
            JsonValue value when value.TryGetValue<string>(out var text) => text.Length > 0 ? text : null,
            _ => throw new SettingsException("A declared client's client_secret must be text."),
        };
        metadata.Remove("client_secret");
        return new Declared(JsonSerializer.SerializeToElement(metadata), secret, Print(metadata.ToJsonString()), Print(secret ?? ""));
    }

    private string Print(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(encryption.Derive("declared-client"), Encoding.UTF8.GetBytes(text)));

    /// <summary>The lists are found under both spellings, so that a file of the registration endpoint's JSON style reads as well.</summary>
    private static IEnumerable<JsonNode> Items(JsonNode source, string name) =>
        (source[name] ?? source[name.ToLowerInvariant()]) switch { JsonArray list => list.OfType<JsonNode>(), _ => [] };

    /// <summary>The settings know text only; what looks like a list, a number or a truth value is one, because the metadata's types say so.</summary>
    private static JsonNode? Json(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        if (children.Count == 0) return section.Value is null ? null : Scalar(section);
        if (children.All(c => int.TryParse(c.Key, out _)))
        {
            var list = new JsonArray();
            foreach (var child in children) list.Add(Json(child));
            return list;
        }

        var members = new JsonObject();
        foreach (var child in children) members[child.Key] = Json(child);
        return members;
    }

    private static JsonNode? Scalar(IConfigurationSection section)
    {
        if (bool.TryParse(section.Value, out var truth)) return truth;
        return section.Key.EndsWith("lifetime", StringComparison.OrdinalIgnoreCase) || section.Key is "default_max_age"
            ? int.TryParse(section.Value, System.Globalization.CultureInfo.InvariantCulture, out var seconds) ? seconds : throw new SettingsException($"{section.Path} must be a number of seconds.")
            : section.Value;
    }

    [LoggerMessage(9201, LogLevel.Information, "Client {ClientId} was declared or changed by the settings")]
    private static partial void Applied(ILogger logger, string clientId);
}
