using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/users/new</c>: somebody gets an account; how they get in is chosen with it.</summary>
internal sealed class NewUserModel(SessionCookie cookie, Actors actors, PeopleAdministration people, PersonAccess access, DirectoryAdministration directory) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.UsersWrite;

    public IReadOnlyList<(string Value, string Text)> Organizations { get; private set; } = [];

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if ((await directory.ListAsync<Organization>(Actor, new DirectoryFilter(), new PageRequest { Limit = PageRequest.MaximumLimit }, ct)).TryGet(out var found, out _))
            Organizations = [.. found.Items.Select(static o => (o.Id, o.DisplayName ?? o.Name))];
        return null;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var claims = new JsonObject();
        foreach (var claim in new[] { "given_name", "family_name" })
            if (NullIfBlank(Typed(claim)) is { } text) claims[claim] = text;
        if (claims.Count > 0) claims["name"] = string.Join(' ', claims.Select(static c => c.Value!.GetValue<string>()));
        var byLink = Typed("entry") == "link";
        var outcome = await people.CreateAsync(Actor, new PersonForm
        {
            UserName = NullIfBlank(Typed("user_name")), Email = NullIfBlank(Typed("email")), EmailVerified = NullIfBlank(Typed("email")) is null ? null : Ticked("email_verified", false),
            Claims = claims.Count > 0 ? JsonSerializer.SerializeToElement(claims) : null, OrganizationId = NullIfBlank(Typed("organization_id")),
            Password = byLink ? null : NullIfBlank(Typed("password")), PasswordResetRequired = !byLink && NullIfBlank(Typed("password")) is not null && Ticked("temporary", true),
        }, ct);
        if (!outcome.TryGet(out var person, out var refusal)) return await RefusedAsync(refusal, ct);
        if (byLink && !(await access.SendPasswordResetAsync(Actor, person.Id, ct)).TryGet(out _, out _)) return Redirect("~/admin/users/" + person.Id + "?done=user-no-link");
        return Redirect("~/admin/users/" + person.Id + (byLink ? "?done=user-link" : "?done=user"));
    }
}
