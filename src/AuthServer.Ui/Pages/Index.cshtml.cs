using AuthServer.Engine.Accounts;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Pages;

/// <summary><c>/</c>: who is signed in, which apps they let in, and how to take that back.</summary>
internal sealed class IndexModel(SessionCookie cookie, IConsentStore consents, ClientRegistry clients, IOptions<AccountOptions> accounts, TimeProvider clock) : PageModel
{
    public string? UserName { get; private set; }

    public IReadOnlyList<App> Apps { get; private set; } = [];

    public bool MayRegister => accounts.Value.RegistrationEnabled;

    public async Task OnGetAsync(CancellationToken ct)
    {
        if (await cookie.ReadAsync(HttpContext, ct) is not { } session) return;

        UserName = session.UserName;
        Apps = [.. (await consents.ListAsync(session.Session.UserId, ct)).Select(consent =>
            new App(consent.ClientId, clients.Find(consent.ClientId)?.DisplayName ?? consent.ClientId, consent.CreatedAt))];
    }

    public async Task<IActionResult> OnPostRemoveAsync([FromForm(Name = "client")] string? clientId, CancellationToken ct)
    {
        if (!string.IsNullOrEmpty(clientId) && await cookie.ReadAsync(HttpContext, ct) is { } session)
            await consents.TryRevokeAsync(session.Session.UserId, clientId, clock.GetUtcNow(), ct);
        return RedirectToPage("/Index", pageHandler: null);
    }

    public sealed record App(string Id, string Name, DateTimeOffset Since);
}
