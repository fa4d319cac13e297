using AuthServer.Engine.Administration;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Admin;

/// <summary><c>/admin/api-keys</c>: the keys of machines and people, and their end. They are made where their secret belongs: on a person's own page, over REST, by command.</summary>
internal sealed class AdminApiKeysModel(SessionCookie cookie, Actors actors, ApiKeyAdministration keys) : AdminPage(cookie, actors)
{
    public override string Right => AdminRights.ApiKeysRead;

    public Page<ListedApiKey> Keys { get; private set; } = new([], null);

    protected override async Task<Refusal?> LoadAsync(CancellationToken ct)
    {
        if (!(await keys.ListAsync(Actor, new ApiKeyFilter(), new PageRequest { Cursor = Cursor }, ct)).TryGet(out var page, out var refusal)) return refusal;
        Keys = page;
        return null;
    }

    public async Task<IActionResult> OnPostRevokeAsync([FromForm] string? key, CancellationToken ct) => await AnswerAsync(await keys.RevokeAsync(Actor, key ?? "", null, ct), "/admin/api-keys?done=key-revoked", ct);

    /// <summary>The page of whoever the key belongs to.</summary>
    public static string PathOf(ApiKeyOwner owner) => owner switch
    {
        { UserId: { } user } => "/admin/users/" + user,
        { ClientId: { } client } => "/admin/clients/" + Uri.EscapeDataString(client),
        _ => "/admin/organizations/" + owner.OrganizationId,
    };
}
