using AuthServer.Engine.Administration;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/roles/new</c> and its like.</summary>
internal sealed class NewEntryModel(SessionCookie cookie, Actors actors, DirectoryAdministration directory) : EntryPage(cookie, actors, directory)
{
    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var (name, description) = (Typed("name")?.Trim(), Typed("description")?.Trim());
        var outcome = Kind switch
        {
            "organizations" => Plain(await Directory.CreateOrganizationAsync(Actor, new OrganizationForm { Name = name, Description = description, DisplayName = Typed("display_name")?.Trim() }, ct)),
            "groups" => Plain(await Directory.CreateGroupAsync(Actor, new GroupForm { Name = name, Description = description }, ct)),
            "roles" => Plain(await Directory.CreateRoleAsync(Actor, new RoleForm { Name = name, Description = description, RequiresSecondFactor = Ticked("requires_second_factor", false) }, ct)),
            _ => Plain(await Directory.CreateRightAsync(Actor, new RightForm { Name = name, Description = description }, ct)),
        };
        return await AnswerAsync(outcome, entry => Path + "/" + entry.Id + "?done=created", ct);
    }
}
