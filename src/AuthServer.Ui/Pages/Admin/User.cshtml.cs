using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/users/{id}</c>: a person with everything about them, and what can be done.</summary>
internal sealed class UserModel(
    SessionCookie cookie, Actors actors, PeopleAdministration people, DirectoryAdministration directory, Memberships memberships, FactorAdministration factors, SessionAdministration sessions, ClientRegistry clients)
    : AdminPage(cookie, actors)
{
    private static readonly string[] Names = ["name", "given_name", "family_name"];

    public override string Right => AdminRights.UsersRead;

    [FromRoute] public string Id { get; set; } = "";

    public Person Person { get; private set; } = null!;

    /// <summary>Null where the actor may not see it.</summary>
    public PersonDirectory? Place { get; private set; }

    public PersonFactors? Factors { get; private set; }

    /// <summary>Null where the actor may not see them.</summary>
    public IReadOnlyList<ListedSession>? Sessions { get; private set; }

    /// <summary>What apps may do for the person at present.</summary>
    public IReadOnlyList<App> Grants { get; private set; } = [];

    /// <summary>What can be added, to choose from.</summary>
    public IReadOnlyList<Role> Roles { get; private set; } = [];

    public IReadOnlyList<Group> Groups { get; private set; } = [];

    public IReadOnlyList<(string Value, string Text)> Organizations { get; private set; } = [];

    public string? Claim(string name)
    {
        using var claims = JsonDocument.Parse(Person.Claims);
        return claims.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if (!(await people.FindAsync(Actor, Id, ct)).TryGet(out var person, out var refusal)) return refusal;
        Person = person;
        if ((await factors.FindAsync(Actor, Id, ct)).TryGet(out var enrolled, out _)) Factors = enrolled;
        if ((await directory.OfUserAsync(Actor, Id, ct)).TryGet(out var place, out _))
        {
            Place = place;
            var most = new PageRequest { Limit = PageRequest.MaximumLimit };
            if ((await directory.ListAsync<Role>(Actor, new DirectoryFilter(), most, ct)).TryGet(out var roles, out _)) Roles = [.. roles.Items.Where(r => place.Roles.All(h => h.Id != r.Id))];
            if ((await directory.ListAsync<Group>(Actor, new DirectoryFilter(), most, ct)).TryGet(out var groups, out _)) Groups = [.. groups.Items.Where(g => place.Groups.All(h => h.Id != g.Id))];
            if ((await directory.ListAsync<Organization>(Actor, new DirectoryFilter(), most, ct)).TryGet(out var organizations, out _)) Organizations = [.. organizations.Items.Select(static o => (o.Id, o.DisplayName ?? o.Name))];
        }

        if ((await sessions.OfPersonAsync(Actor, Id, new PageRequest(), ct)).TryGet(out var open, out _)) Sessions = open.Items;
        if ((await sessions.GrantsAsync(Actor, Id, ct)).TryGet(out var grants, out _)) Grants = [.. grants.Where(static g => g.Stands).Take(PageRequest.DefaultLimit).Select(g => new App(g.Id, clients.Find(g.ClientId)?.DisplayName ?? g.ClientId, g.Scopes.ToString(), g.CreatedAt))];
        return null;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var claims = new JsonObject();
        foreach (var name in Names) claims[name] = NullIfBlank(Typed(name));
        var email = NullIfBlank(Typed("email"));
        var outcome = await people.UpdateAsync(Actor, Id, new PersonForm
        {
            UserName = Typed("user_name")?.Trim() ?? "", Email = email ?? "", EmailVerified = email is null ? null : Ticked("email_verified", false), Claims = JsonSerializer.SerializeToElement(claims),
            OrganizationId = Request.Form.ContainsKey("organization_id") ? Typed("organization_id") : null, ExternalId = Typed("external_id")?.Trim(),
        }, Typed("version"), ct);
        return await AnswerAsync(outcome, Here("saved"), ct);
    }

    public async Task<IActionResult> OnPostAddRoleAsync(CancellationToken ct) =>
        (await directory.FindByNameAsync<Role>(Actor, Typed("role")?.Trim() ?? "", ct)).TryGet(out var role, out var refusal) ? await JoinAsync(DirectoryLink.UserRole, role.Id, ct) : await UnknownAsync(refusal, "role", ct);

    public async Task<IActionResult> OnPostAddGroupAsync(CancellationToken ct) =>
        (await directory.FindByNameAsync<Group>(Actor, Typed("group")?.Trim() ?? "", ct)).TryGet(out var group, out var refusal) ? await JoinAsync(DirectoryLink.UserGroup, group.Id, ct) : await UnknownAsync(refusal, "group", ct);

    public async Task<IActionResult> OnPostRemoveRoleAsync([FromForm] string? role, CancellationToken ct) =>
        await AnswerAsync(await memberships.UnlinkAsync(Actor, DirectoryLink.UserRole, Id, role ?? "", ct), Here("taken"), ct);

    public async Task<IActionResult> OnPostRemoveGroupAsync([FromForm] string? group, CancellationToken ct) =>
        await AnswerAsync(await memberships.UnlinkAsync(Actor, DirectoryLink.UserGroup, Id, group ?? "", ct), Here("taken"), ct);

    public async Task<IActionResult> OnPostEndSessionAsync([FromForm] string? session, CancellationToken ct) => await AnswerAsync(await sessions.EndAsync(Actor, session ?? "", ct), Here("session-ended"), ct);

    public async Task<IActionResult> OnPostRevokeGrantAsync([FromForm] string? grant, CancellationToken ct) => await AnswerAsync(await sessions.RevokeGrantAsync(Actor, Id, grant ?? "", ct), Here("grant-revoked"), ct);

    private async Task<IActionResult> JoinAsync(DirectoryLink link, string other, CancellationToken ct) => await AnswerAsync(await memberships.LinkAsync(Actor, link, Id, other, ct), Here("given"), ct);

    /// <summary>A name that does not exist is a fault of the field, not of the page.</summary>
    private Task<IActionResult> UnknownAsync(Refusal refusal, string field, CancellationToken ct) =>
        RefusedAsync(refusal.Kind == RefusalKind.NotFound ? Refusal.Invalid(new Objection(field, "unknown", Texts["Admin_UnknownName"])) : refusal, ct);

    private string Here(string done) => "/admin/users/" + Uri.EscapeDataString(Id) + "?done=" + done;

    /// <param name="Id">The grant's.</param>
    public sealed record App(string Id, string Name, string Scopes, DateTimeOffset CreatedAt);
}
