using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary>A page about organizations, groups, roles or rights: the four are shown and changed alike, and the address says which.</summary>
internal abstract class EntryPage(SessionCookie cookie, Actors actors, DirectoryAdministration directory) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.DirectoryRead;

    /// <summary>One of <c>organizations</c>, <c>groups</c>, <c>roles</c>, <c>rights</c>: the route takes no other.</summary>
    [FromRoute] public string Kind { get; set; } = "";

    public string Path => "/admin/" + Kind;

    /// <summary>What it takes to change one.</summary>
    public string WriteRight => Kind is "roles" or "rights" ? AdminRights.RolesWrite : AdminRights.DirectoryWrite;

    protected DirectoryAdministration Directory => directory;

    /// <summary>The key of a text that differs by kind: <c>Entry_</c>, the kind, and the part.</summary>
    public string Key(string part) => $"Entry_{Kind}_{part}";

    protected async Task<Outcome<DirectoryEntry>> FindAsync(string id, CancellationToken ct) => Kind switch
    {
        "organizations" => Plain(await directory.FindAsync<Organization>(Actor, id, ct)),
        "groups" => Plain(await directory.FindAsync<Group>(Actor, id, ct)),
        "roles" => Plain(await directory.FindAsync<Role>(Actor, id, ct)),
        _ => Plain(await directory.FindAsync<Right>(Actor, id, ct)),
    };

    protected static Outcome<DirectoryEntry> Plain<T>(Outcome<T> outcome) where T : DirectoryEntry => outcome.TryGet(out var entry, out var refusal) ? entry : refusal;
}
