using AuthServer.Engine.Accounts;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Ui.Pages.Account;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages;

/// <summary>
/// <c>/device/approve</c>: the person compares the code and decides what a device gets (RFC 8628 §3.3, §5.4). Everybody is asked here every time, also for an app that is never asked about
/// elsewhere: whoever sent the link may be the one who holds the device.
/// </summary>
[OpenRoute("only for a device that waits and its signed-in person")]
internal sealed class DeviceApprovalModel(DeviceAuthorizations devices, SessionCookie cookie, ClientRegistry clients, IStringLocalizer<Texts> texts) : PageModel
{
    private WaitingDevice? _waiting;
    private CurrentSession? _session;

    [FromQuery(Name = "request")] public string? Handle { get; set; }

    public Client Client => _waiting!.Client;

    public string UserName => _session!.UserName;

    /// <summary>In groups of four.</summary>
    public string UserCode => _waiting!.UserCode;

    public DateTimeOffset AskedAt => _waiting!.Request.CreatedAt;

    /// <summary>The address the device has, and what is known of it; never the device's own words, which could be anything.</summary>
    public string From
    {
        get
        {
            var device = DeviceName.Of(_waiting!.Request.UserAgent);
            var name = device == new DeviceName(null, null) ? null : DeviceText.Of(device, texts);
            return string.Join(" · ", new[] { _waiting.Request.Address ?? texts["DeviceCode_FromUnknown"].Value, name }.Where(static part => part is not null));
        }
    }

    public IEnumerable<ScopeText> Scopes => _waiting!.Scopes.Select(clients.Scopes.Find).OfType<ScopeDefinition>().Select(scope => ScopeText.Of(scope, texts));

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ObjectionAsync(ct) ?? Page();

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "decision")] string? decision, CancellationToken ct)
    {
        if (await ObjectionAsync(ct) is { } objection) return objection;

        var address = HttpContext.Connection.RemoteIpAddress?.ToString();
        return decision switch
        {
            "allow" => await devices.TryApproveAsync(_waiting!, _session!, address, ct) ? RedirectToPage("/DeviceDone") : Over(),
            "deny" => await devices.TryDenyAsync(_waiting!, _session!, address, ct) ? RedirectToPage("/DeviceDone", new { refused = "true" }) : Over(),
            _ => Page(),
        };
    }

    /// <summary>The request as it is now and what the person has still to do for it, asked anew before it is shown and before it is decided.</summary>
    private async Task<IActionResult?> ObjectionAsync(CancellationToken ct)
    {
        _waiting = await devices.ReadAsync(Handle, ct);
        if (_waiting is null) return Over();

        _session = await cookie.ReadAsync(HttpContext, ct);
        return await devices.NextAsync(_waiting, _session?.Session, ct) switch
        {
            NextStep.AskConsent or NextStep.Issue => null,
            NextStep.Refuse => Over(),
            var step => LocalRedirect("~" + PendingAuthorizations.PageOf(step, _waiting.Handle)),
        };
    }

    private ErrorResult Over() => new(StatusCodes.Status400BadRequest, texts["DeviceCode_Over"], texts["DeviceCode_OverHelp"]);
}
