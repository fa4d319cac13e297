using AuthServer.Engine.Interaction;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/apps</c>: which apps can reach the account, and how to take that back.</summary>
internal sealed class AppsModel(SessionCookie cookie, OwnApps apps, IStringLocalizer<Texts> texts) : AccountPage(cookie)
{
    public IReadOnlyList<App> Apps { get; private set; } = [];

    public string? Notice { get; private set; }

    public async Task OnGetAsync([FromQuery(Name = "done")] string? done, CancellationToken ct)
    {
        Apps = [.. (await apps.ListAsync(UserId, ct)).Select(a => new App(
            a.ClientId, a.Client?.DisplayName ?? a.ClientId, a.Client?.LogoUri, [.. a.Scopes.Select(s => ScopeText.Of(s, texts))], a.Since, a.LastUsedAt, a.Asked))];
        if (done is "removed") Notice = texts["Apps_Removed"];
    }

    public async Task<IActionResult> OnPostRemoveAsync([FromForm(Name = "client")] string? clientId, CancellationToken ct)
    {
        var removed = !string.IsNullOrEmpty(clientId) && await apps.TryRemoveAsync(UserId, clientId, Visitor.AddressOf(HttpContext), ct);
        return Redirect("~/account/apps" + (removed ? "?done=removed" : ""));
    }

    public sealed record App(string Id, string Name, string? Logo, IReadOnlyList<ScopeText> Scopes, DateTimeOffset Since, DateTimeOffset? LastUsedAt, bool Asked);
}
