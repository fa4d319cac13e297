using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/roles/{id}/delete</c> and its like: says what becomes of those who have it, and deletes it.</summary>
internal sealed class DeleteEntryModel(SessionCookie cookie, Actors actors, DirectoryAdministration directory) : EntryPage(cookie, actors, directory)
{
    [FromRoute] public string Id { get; set; } = "";

    public DirectoryEntry Entry { get; private set; } = null!;

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if (!(await FindAsync(Id, ct)).TryGet(out var entry, out var refusal)) return refusal;
        Entry = entry;
        return null;
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct) => await AnswerAsync(Kind switch
    {
        "organizations" => await Directory.RemoveOrganizationAsync(Actor, Id, null, ct),
        "groups" => await Directory.RemoveGroupAsync(Actor, Id, null, ct),
        "roles" => await Directory.RemoveRoleAsync(Actor, Id, null, ct),
        _ => await Directory.RemoveRightAsync(Actor, Id, null, ct),
    }, Path + "?done=deleted", ct);
}
