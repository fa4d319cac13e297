using System.Globalization;
using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/scopes/{name}</c> and its end.</summary>
internal sealed class ScopeDetailModel(SessionCookie cookie, Actors actors, ScopeAdministration scopes) : ScopePage(cookie, actors)
{
    [FromRoute] public string Id { get; set; } = "";

    public RegisteredScope Scope { get; private set; } = null!;

    /// <summary>Asks before it is deleted.</summary>
    public bool Deletes => Request.Query.ContainsKey("delete");

    private string Name => Id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if (!(await scopes.FindAsync(Actor, Name, ct)).TryGet(out var found, out var refusal)) return refusal;
        (Scope, Stored) = (found, found.Scope);
        return null;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var version = long.TryParse(Typed("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        return await AnswerAsync(await scopes.UpdateAsync(Actor, Name, JsonSerializer.SerializeToElement(Read()), version, ct), "/admin/scopes/" + Uri.EscapeDataString(Name) + "?done=saved", ct);
    }

    public async Task<IActionResult> OnPostDeleteAsync(CancellationToken ct) => await AnswerAsync(await scopes.RemoveAsync(Actor, Name, null, ct), "/admin/scopes?done=deleted", ct);
}
