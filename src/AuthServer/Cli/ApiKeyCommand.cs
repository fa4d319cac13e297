using System.CommandLine;
using System.Globalization;
using AuthServer.Engine.Administration;
using AuthServer.Engine.ApiKeys;

namespace AuthServer.Cli;

/// <summary><c>api-key create|list|revoke</c>.</summary>
internal static class ApiKeyCommand
{
    private const string Gone = "There is no such API key.";

    public static Command Create()
    {
        var command = new Command("api-key", "Makes, lists and revokes API keys and personal access tokens.");
        command.Subcommands.Add(New());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Revoke());
        return command;
    }

    private static Command New()
    {
        var name = new Option<string>("--name") { Description = "What it is for, so that it is known again.", Required = true };
        var (user, client, organization) = OwnerOptions();
        var scopes = new Option<string[]>("--scope") { Description = "What the key may do; once for each scope, or several with spaces between.", Required = true, AllowMultipleArgumentsPerToken = true };
        var days = new Option<int?>("--days") { Description = "Days until it expires. Default: ApiKeys:DefaultDays." };
        var addresses = new Option<string[]>("--address") { Description = "An address or network (192.0.2.0/24) it may be used from; once for each. Default: from everywhere.", AllowMultipleArgumentsPerToken = true };
        var rate = new Option<int?>("--rate") { Description = "Requests per hour. Default: RateLimits:RequestsPerHour." };
        var machine = new Option<bool>("--machine") { Description = "A person's key for a machine (ask_…) in place of a personal access token (pat_…)." };
        var json = SharedOptions.Json();
        var command = new Command("create", "Makes a key and shows it, this once.") { name, user, client, organization, scopes, days, addresses, rate, machine, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var form = new ApiKeyForm
            {
                Kind = parsed.GetValue(machine) ? ApiKeyKind.Machine : null,
                UserId = parsed.GetValue(user) is { } userName ? await UserIdAsync(context, userName, token) : null,
                ClientId = parsed.GetValue(client),
                OrganizationId = parsed.GetValue(organization),
                Name = parsed.GetValue(name),
                Scopes = [.. parsed.GetValue(scopes)!.SelectMany(static s => s.Split(' ', StringSplitOptions.RemoveEmptyEntries))],
                ExpiresAt = parsed.GetValue(days) is { } wanted ? context.Get<TimeProvider>().GetUtcNow().AddDays(wanted) : null,
                AllowedAddresses = parsed.GetValue(addresses) is { Length: > 0 } from ? from : null,
                RatePerHour = parsed.GetValue(rate),
            };
            if (form.UserId is null && form.ClientId is null && form.OrganizationId is null) throw new CommandException("Name whose key it is: --user, --client or --organization.");
            var made = Refused.OrGet(await context.Get<ApiKeyAdministration>().CreateAsync(Actors.CommandLine, form, token), Gone);
            context.Write(new { key = made.Key, api_key = RowOf(context, made.Listed) }, ("key", made.Key), ("id", made.Listed.Key.Id), ("expires", Day(made.Listed.Key.ExpiresAt)), ("", "The key is not shown again."));
            return 0;
        }, ct));
        return command;
    }

    private static Command List()
    {
        var (user, client, organization) = OwnerOptions();
        var all = new Option<bool>("--all") { Description = "Also those that expired or were revoked in the last thirty days." };
        var most = new Option<int>("--most") { Description = "How many at most.", DefaultValueFactory = _ => 100 };
        var json = SharedOptions.Json();
        var command = new Command("list", "Lists keys, the newest first.") { user, client, organization, all, most, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var owner = parsed.GetValue(user) is { } userName ? ApiKeyOwner.User(await UserIdAsync(context, userName, token))
                : parsed.GetValue(client) is { } clientId ? new ApiKeyOwner(ApiKeyOwnerKind.Client, clientId)
                : parsed.GetValue(organization) is { } organizationId ? new ApiKeyOwner(ApiKeyOwnerKind.Organization, organizationId) : null;
            var rows = new List<KeyRow>();
            string? cursor = null;
            do
            {
                var request = new PageRequest { Limit = Math.Clamp(parsed.GetValue(most) - rows.Count, 1, PageRequest.MaximumLimit), Cursor = cursor };
                var page = Refused.OrGet(await context.Get<ApiKeyAdministration>().ListAsync(Actors.CommandLine, new ApiKeyFilter(owner, null, parsed.GetValue(all) ? null : true), request, token), Gone);
                rows.AddRange(page.Items.Select(k => RowOf(context, k)));
                cursor = page.Next;
            }
            while (cursor is not null && rows.Count < parsed.GetValue(most));

            context.WriteTable(rows, "There are no API keys.", ("id", r => r.Id), ("begins", r => r.Start), ("name", r => r.Name), ("owner", r => r.Owner), ("scopes", r => r.Scopes), ("expires", r => Day(r.ExpiresAt)),
                ("last used", r => r.LastUsedAt is { } used ? Day(used) : ""), ("", r => r.State == "active" ? "" : r.State));
            return 0;
        }, ct));
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("id");
        var json = SharedOptions.Json();
        var command = new Command("revoke", "Revokes a key: it, and every token got for it, is refused from now on.") { id, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            Refused.OrGet(await context.Get<ApiKeyAdministration>().RevokeAsync(Actors.CommandLine, parsed.GetValue(id)!, null, token), Gone);
            context.Write(new { id = parsed.GetValue(id), state = "revoked" }, ("id", parsed.GetValue(id)), ("state", "revoked"));
            return 0;
        }, ct));
        return command;
    }

    private static (Option<string?> User, Option<string?> Client, Option<string?> Organization) OwnerOptions() =>
        (new("--user") { Description = "The user name of its owner." }, new("--client") { Description = "The client_id of its owner." }, new("--organization") { Description = "The id of the organization that owns it." });

    private static async Task<string> UserIdAsync(CommandContext context, string name, CancellationToken ct) =>
        Refused.OrGet(await context.Get<PeopleAdministration>().FindByNameAsync(Actors.CommandLine, name, ct), $"There is no user {name}.").Id;

    private static KeyRow RowOf(CommandContext context, ListedApiKey listed)
    {
        var k = listed.Key;
        return new KeyRow(k.Id, k.Name, k.Start, listed.OwnerName ?? k.Owner.Id, k.Scopes.ToString(), listed.StateAt(context.Get<TimeProvider>().GetUtcNow()), k.CreatedAt, k.ExpiresAt, k.LastUsedAt);
    }

    private static string Day(DateTimeOffset time) => time.ToString("u", CultureInfo.InvariantCulture);

    private sealed record KeyRow(string Id, string Name, string Start, string Owner, string Scopes, string State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt);
}
