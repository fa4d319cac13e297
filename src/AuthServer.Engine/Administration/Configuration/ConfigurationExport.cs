using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Directory;

namespace AuthServer.Engine.Administration.Configuration;

/// <summary>Writes the whole configuration as one document: rights, roles, organizations, groups, scopes, clients; by names, never by ids; never a secret, never a person.</summary>
public sealed class ConfigurationExport(DirectoryAdministration directory, ScopeAdministration scopes, ClientAdministration clients)
{
    public const int Version = 1;

    private static readonly PageRequest First = new() { Limit = PageRequest.MaximumLimit };

    public async Task<Outcome<JsonObject>> ReadAsync(Actor actor, CancellationToken ct)
    {
        if (!actor.May(AdminRights.DirectoryRead)) return Refusal.Lacks(AdminRights.DirectoryRead);
        if (!actor.May(AdminRights.ClientsRead)) return Refusal.Lacks(AdminRights.ClientsRead);
        var organizations = await AllAsync<Organization>(actor, new DirectoryFilter(), ct);
        return new JsonObject
        {
            ["version"] = Version,
            [ConfigurationKind.Rights.Name] = List((await AllAsync<Right>(actor, new DirectoryFilter(), ct)).Where(static r => !r.BuiltIn).Select(static r => Entry(("name", r.Name), ("description", r.Description)))),
            [ConfigurationKind.Roles.Name] = await RolesAsync(actor, ct),
            [ConfigurationKind.Organizations.Name] = List(organizations.Select(static o => Entry(("name", o.Name), ("display_name", o.DisplayName), ("description", o.Description), ("external_id", o.ExternalId),
                ("identity_provider", o.IdentityProvider is { } provider ? JsonNode.Parse(provider) : null)))),
            [ConfigurationKind.Groups.Name] = await GroupsAsync(actor, organizations.ToDictionary(static o => o.Id, static o => o.Name, StringComparer.Ordinal), ct),
            [ConfigurationKind.Scopes.Name] = List((await PagesAsync(request => scopes.ListAsync(actor, new ScopeFilter { BuiltIn = false }, request, ct))).Select(static s => (JsonNode)JsonSerializer.SerializeToNode(s.Scope, ClientJson.Options)!)),
            [ConfigurationKind.Clients.Name] = List((await PagesAsync(request => clients.ListAsync(actor, new ClientFilter(), request, ct))).Select(static c => JsonNode.Parse(ClientJson.Write(c.Client))!)),
        };
    }

    private async Task<JsonArray> RolesAsync(Actor actor, CancellationToken ct)
    {
        var list = new JsonArray();
        foreach (var role in await AllAsync<Role>(actor, new DirectoryFilter(), ct))
            list.Add((JsonNode)Entry(("name", role.Name), ("description", role.Description), ("requires_second_factor", role.RequiresSecondFactor), ("rights", Names(await AllAsync<Right>(actor, new DirectoryFilter { RoleId = role.Id }, ct)))));
        return list;
    }

    private async Task<JsonArray> GroupsAsync(Actor actor, Dictionary<string, string> organizations, CancellationToken ct)
    {
        var list = new JsonArray();
        foreach (var group in await AllAsync<Group>(actor, new DirectoryFilter(), ct))
            list.Add((JsonNode)Entry(("name", group.Name), ("description", group.Description), ("organization", group.OrganizationId is { } id ? organizations.GetValueOrDefault(id) : null), ("external_id", group.ExternalId),
                ("roles", Names(await AllAsync<Role>(actor, new DirectoryFilter { GroupId = group.Id }, ct)))));
        return list;
    }

    private Task<List<T>> AllAsync<T>(Actor actor, DirectoryFilter filter, CancellationToken ct) where T : DirectoryEntry => PagesAsync(request => directory.ListAsync<T>(actor, filter, request, ct));

    private static async Task<List<T>> PagesAsync<T>(Func<PageRequest, Task<Outcome<Page<T>>>> read)
    {
        var all = new List<T>();
        for (var request = First; (await read(request)).TryGet(out var page, out _); request = request with { Cursor = page.Next })
        {
            all.AddRange(page.Items);
            if (page.Next is null) break;
        }

        return all;
    }

    /// <summary>What is not there is left out.</summary>
    private static JsonObject Entry(params IReadOnlyList<(string Name, JsonNode? Value)> members)
    {
        var entry = new JsonObject();
        foreach (var (name, value) in members)
            if (value is not null) entry[name] = value;
        return entry;
    }

    private static JsonArray Names(IEnumerable<DirectoryEntry> entries) => [.. entries.Select(static e => (JsonNode)e.Name)];

    private static JsonArray List(IEnumerable<JsonNode> entries) => [.. entries];
}
