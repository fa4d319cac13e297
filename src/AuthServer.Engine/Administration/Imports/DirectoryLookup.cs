using AuthServer.Engine.Directory;

namespace AuthServer.Engine.Administration.Imports;

/// <summary>Finds roles, groups and organizations by their names, each once; makes those that are missing where that is wanted. What the actor may not give is not found.</summary>
internal sealed class DirectoryLookup(IDirectoryStore store, DirectoryAdministration administration, Reach reach, Actor actor, PeopleImportOptions options)
{
    private readonly Dictionary<(Type, string), (string? Id, string? Fault)> _known = [];

    /// <summary>Those made so far, as <c>role:name</c>.</summary>
    public List<string> Created { get; } = [];

    public Task<(string? Id, string? Fault)> RoleAsync(string name, CancellationToken ct) => FindAsync<Role>(name, "role", reach.OverRoleAsync, () => administration.CreateRoleAsync(actor, new RoleForm { Name = name }, ct), ct);

    public Task<(string? Id, string? Fault)> GroupAsync(string name, CancellationToken ct) => FindAsync<Group>(name, "group", reach.OverGroupAsync, () => administration.CreateGroupAsync(actor, new GroupForm { Name = name }, ct), ct);

    public Task<(string? Id, string? Fault)> OrganizationAsync(string name, CancellationToken ct) =>
        FindAsync<Organization>(name, "organization", static (_, _, _) => Task.FromResult<Refusal?>(null), () => administration.CreateOrganizationAsync(actor, new OrganizationForm { Name = name }, ct), ct);

    private async Task<(string? Id, string? Fault)> FindAsync<T>(string name, string kind, Func<Actor, string, CancellationToken, Task<Refusal?>> may, Func<Task<Outcome<T>>> create, CancellationToken ct) where T : DirectoryEntry
    {
        var key = (typeof(T), DirectoryNames.Normalize(name.Trim()));
        if (_known.TryGetValue(key, out var known)) return known;

        if (await store.FindByNameAsync<T>(name, ct) is { } found)
            return _known[key] = await may(actor, found.Id, ct) is { } refusal ? (null, $"{kind} {Short(name)}: {string.Join(" ", refusal.Objections.Select(static o => o.Message))}") : (found.Id, null);
        if (!options.CreateMissing) return _known[key] = (null, $"there is no {kind} {Short(name)}");

        var objections = new List<Objection>();
        if (options.DryRun && DirectoryNames.Name(name, objections) is not null)
        {
            Created.Add(kind + ":" + name.Trim());
            return _known[key] = ("", null);
        }

        if (objections.Count > 0 || !(await create()).TryGet(out var made, out var wrong)) return _known[key] = (null, $"{kind} {Short(name)} cannot be made");
        Created.Add(kind + ":" + made.Name);
        return _known[key] = (made.Id, null);
    }

    private static string Short(string name) => name.Length <= 100 ? name : name[..100] + "…";
}
