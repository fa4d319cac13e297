using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/users/{id}/password</c>: a password given by somebody else, as a rule until the next sign-in only.</summary>
internal sealed class UserPasswordModel(SessionCookie cookie, Actors actors, PeopleAdministration people, PersonAccess access) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.UsersRead;

    [FromRoute] public string Id { get; set; } = "";

    public Person Person { get; private set; } = null!;

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if (!(await people.FindAsync(Actor, Id, ct)).TryGet(out var person, out var refusal)) return refusal;
        Person = person;
        return null;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) =>
        await AnswerAsync(await access.SetPasswordAsync(Actor, Id, Typed("password") ?? "", Ticked("temporary", true), ct), "/admin/users/" + Uri.EscapeDataString(Id) + "?done=password", ct);
}
