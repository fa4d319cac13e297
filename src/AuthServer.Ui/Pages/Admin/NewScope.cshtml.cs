using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/scopes/new</c>.</summary>
internal sealed class NewScopeModel(SessionCookie cookie, Actors actors, ScopeAdministration scopes) : ScopePage(cookie, actors)
{
    public override string Right => AdminRights.ClientsWrite;

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var definition = Read();
        definition["name"] = Typed("name")?.Trim() ?? "";
        return await AnswerAsync(await scopes.CreateAsync(Actor, JsonSerializer.SerializeToElement(definition), ct), scope => "/admin/scopes/" + Uri.EscapeDataString(scope.Scope.Name) + "?done=created", ct);
    }
}
