using System.CommandLine;
using System.Text.Json;
using AuthServer.Cli.Import.Keycloak;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Administration.Imports;
using AuthServer.Engine.Audit;
using AuthServer.Engine.ClientAuthentication;
using AuthServer.Engine.Keys;

namespace AuthServer.Cli.Import;

/// <summary><c>import keycloak FILE</c>.</summary>
internal static class KeycloakCommand
{
    private const int Batch = 500;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "A realm export (kc.sh export --users realm_file), or a file with only its users." };
        var (dryRun, json) = (ImportOptions.DryRun(), SharedOptions.Json());
        var command = new Command("keycloak", "Brings in clients, roles, groups and users of a realm of Keycloak; passwords keep working. What is here already stays as it is.") { file, dryRun, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var source = parsed.GetValue(file)!;
            using var document = await ReadAsync(source, token);
            var (realm, dry) = (document.RootElement, parsed.GetValue(dryRun));
            var takeover = new Takeover(context, dry);
            await RolesAsync(takeover, realm, token);
            foreach (var (name, group) in KeycloakRealm.Groups(realm)) await takeover.GroupAsync(name, KeycloakRealm.RolesOf(group), token);
            foreach (var client in KeycloakRealm.List(realm, "clients").Where(static c => c.ValueKind == JsonValueKind.Object && !KeycloakRealm.IsOwnClient(KeycloakRealm.Text(c, "clientId") ?? ""))) await ClientAsync(context, takeover, client, token);

            var people = await PeopleAsync(context, realm, new PeopleImportOptions { DryRun = dry, Resume = true, CreateMissing = true, Source = source.Name }, token);
            var codes = KeycloakRealm.List(realm, "users").Count(static u => u.ValueKind == JsonValueKind.Object && KeycloakPerson.HasOneTimeCodes(u));
            var note = codes > 0 ? $"{codes} people have one-time codes there, which are not taken over: they set up a new authenticator app" : null;
            context.Write(new { dry_run = dry, takeover.Entries, people = people.Json(dry), note }, [.. takeover.Lines(), ("people", null), .. people.Lines(dry), ("note", note)]);
            return takeover.Entries.Exists(static e => e.Act == "refused") || people.Refused.Count > 0 ? 1 : 0;
        }, ct));
        return command;
    }

    private static async Task<JsonDocument> ReadAsync(FileInfo file, CancellationToken ct)
    {
        if (!file.Exists) throw new CommandException($"There is no file {file.FullName}.");
        try
        {
            await using var stream = file.OpenRead();
            var document = await JsonDocument.ParseAsync(stream, cancellationToken: ct);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException fault)
        {
            throw new CommandException("The file is not JSON: " + fault.Message);
        }

        throw new CommandException("The file must be one realm, a JSON object.");
    }

    private static async Task RolesAsync(Takeover takeover, JsonElement realm, CancellationToken ct)
    {
        if (!realm.TryGetProperty("roles", out var roles)) return;
        var all = KeycloakRealm.List(roles, "realm").Select(static r => ("", Role: r))
            .Concat(KeycloakRealm.Map(roles, "client").Where(static c => !KeycloakRealm.IsOwnClient(c.Name) && c.Value.ValueKind == JsonValueKind.Array).SelectMany(static c => c.Value.EnumerateArray().Select(r => (c.Name + "/", Role: r))));
        foreach (var (client, role) in all)
        {
            if (role.ValueKind != JsonValueKind.Object || KeycloakRealm.Text(role, "name") is not { } name || (client.Length == 0 && KeycloakRealm.IsOwnRole(name))) continue;
            IReadOnlyList<string> notes = KeycloakRealm.Truth(role, "composite") == true ? ["it is composite; roles here hold rights and no other roles: give people all of them"] : [];
            await takeover.RoleAsync(client + name, KeycloakRealm.Text(role, "description"), notes, ct);
        }
    }

    private static async Task ClientAsync(CommandContext context, Takeover takeover, JsonElement client, CancellationToken ct)
    {
        try
        {
            var (metadata, secret, notes) = KeycloakClient.Read(client);
            await takeover.ClientAsync(metadata, made => secret is null ? null : NewSecret.Chosen(made, secret, context.Get<KeyEncryption>()), notes, ct);
        }
        catch (FormatException fault)
        {
            takeover.Refuse("client", KeycloakRealm.Text(client, "clientId") ?? "?", fault.Message);
        }
    }

    private static async Task<PeopleReport> PeopleAsync(CommandContext context, JsonElement realm, PeopleImportOptions options, CancellationToken ct)
    {
        var run = Refused.OrGet(context.Get<PeopleImport>().Begin(Actors.CommandLine, options), "");
        var report = new PeopleReport();
        var lines = KeycloakRealm.List(realm, "users").Select(static (user, i) => (Place: i + 1, User: user)).Where(static u => u.User.ValueKind != JsonValueKind.Object || !KeycloakPerson.IsServiceAccount(u.User));
        foreach (var batch in lines.Select(static u => KeycloakPerson.Read(u.Place, u.User)).Chunk(Batch))
        {
            report.Add(batch.Length, await run.WriteAsync(batch, ct));
            await context.Get<AuditTrail>().FlushAsync(ct);
        }

        return report;
    }
}
