using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Upstream;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/connections</c>: other providers by which this person signs in.</summary>
[FreshSignIn]
internal sealed class ConnectionsModel(SessionCookie cookie, UpstreamProviders providers, UpstreamAccounts accounts, UpstreamSignIn upstream, IStringLocalizer<Texts> texts) : AccountPage(cookie)
{
    public FormFaults Faults { get; } = new();

    public IReadOnlyList<Way> Ways { get; private set; } = [];

    public string DisplayName { get; private set; } = "";

    /// <summary>On the way to the provider.</summary>
    public string? Destination { get; private set; }

    public Task OnGetAsync(CancellationToken ct) => ReadAsync(ct);

    public async Task<IActionResult> OnPostConnectAsync([FromForm(Name = "provider")] string? name, CancellationToken ct)
    {
        if (providers.Find(name) is not { } provider) return NotFound();
        if (await upstream.BeginAsync(HttpContext, provider.Name, SignInTarget.Of(null, "/account/connections"), fresh: false, UserId, ct) is not { } destination)
        {
            Faults.Summary = texts["Upstream_Failed", provider.DisplayName];
            return await InvalidAsync(StatusCodes.Status503ServiceUnavailable, ct);
        }

        (DisplayName, Destination) = (provider.DisplayName, destination.AbsoluteUri);
        return Page();
    }

    public async Task<IActionResult> OnPostDisconnectAsync([FromForm(Name = "provider")] string? name, CancellationToken ct)
    {
        if (await accounts.TryUnlinkAsync(UserId, name ?? "", Visitor.AddressOf(HttpContext), Visitor.DeviceOf(HttpContext), ct)) return Redirect("~/account/connections");
        Faults.Summary = texts["Connections_LastWay"];
        return await InvalidAsync(StatusCodes.Status422UnprocessableEntity, ct);
    }

    private async Task<IActionResult> InvalidAsync(int status, CancellationToken ct)
    {
        await ReadAsync(ct);
        var page = Page();
        page.StatusCode = status;
        return page;
    }

    /// <summary>Also what is connected with a provider that the operator took away: it can still be disconnected.</summary>
    private async Task ReadAsync(CancellationToken ct)
    {
        var connected = await accounts.ListAsync(UserId, ct);
        Ways =
        [
            .. providers.All.Select(p => new Way(p.Name, p.DisplayName, connected.Any(c => c.Provider == p.Name))),
            .. connected.Where(c => providers.Find(c.Provider) is null).Select(static c => new Way(c.Provider, c.DisplayName, IsConnected: true)),
        ];
    }

    public sealed record Way(string Name, string DisplayName, bool IsConnected);
}
