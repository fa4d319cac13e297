using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/users/{id}/{act}</c>: says what will happen, and does it.</summary>
internal sealed class UserActModel(SessionCookie cookie, Actors actors, PeopleAdministration people, PersonAccess access, FactorAdministration factors, SessionAdministration sessions) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.UsersRead;

    [FromRoute] public string Id { get; set; } = "";

    [FromRoute] public string Act { get; set; } = "";

    public Person Person { get; private set; } = null!;

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if (!UserActs.All.Any(a => a.Name == Act)) return Refusal.NotFound;
        if (!(await people.FindAsync(Actor, Id, ct)).TryGet(out var person, out var refusal)) return refusal;
        Person = person;
        return null;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) => Act switch
    {
        "enable" => await DoneAsync(await access.SetDisabledAsync(Actor, Id, false, ct), ct),
        "disable" => await DoneAsync(await access.SetDisabledAsync(Actor, Id, true, ct), ct),
        "unlock" => await DoneAsync(await access.UnlockAsync(Actor, Id, ct), ct),
        "require-reset" => await DoneAsync(await access.RequirePasswordResetAsync(Actor, Id, ct), ct),
        "send-link" => await DoneAsync(await access.SendPasswordResetAsync(Actor, Id, ct), ct),
        "reset-factors" => await DoneAsync(await factors.ResetAsync(Actor, Id, ct), ct),
        "end-sessions" => await DoneAsync(await sessions.EndAllAsync(Actor, Id, ct), ct),
        "make-administrator" => await DoneAsync(await access.SetAdministratorAsync(Actor, Id, true, ct), ct),
        "unmake-administrator" => await DoneAsync(await access.SetAdministratorAsync(Actor, Id, false, ct), ct),
        "delete" => await AnswerAsync(await people.RemoveAsync(Actor, Id, null, ct), "/admin/users?done=delete", ct),
        _ => Ended(Refusal.NotFound),
    };

    private Task<IActionResult> DoneAsync<T>(Outcome<T> outcome, CancellationToken ct) where T : class => AnswerAsync(outcome, "/admin/users/" + Uri.EscapeDataString(Id) + "?done=" + Act, ct);
}
