using AuthServer.Engine.Clients;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages;

/// <summary><c>/consent</c>: the person decides what an app gets (OpenID Connect Core §3.1.2.4).</summary>
[OpenRoute("only for a request that waits and its signed-in person")]
internal sealed class ConsentModel(SessionCookie cookie, PendingAuthorizations requests, IStringLocalizer<Texts> texts) : PageModel
{
    private PendingView? _pending;
    private CurrentSession? _session;

    [FromQuery(Name = "request")] public string? Handle { get; set; }

    public Client Client => _pending!.Client;

    public string UserName => _session!.UserName;

    /// <summary>Where the answer goes: the one thing about an app that it cannot make up.</summary>
    public string Origin => Uri.TryCreate(_pending!.RedirectOrigin, UriKind.Absolute, out var origin) && origin.Scheme is "http" or "https" && !origin.IsLoopback
        ? texts["Consent_ReturnsTo", origin.Authority]
        : texts["Consent_ReturnsToDevice"];

    public IEnumerable<ScopeText> Scopes => _pending!.ScopeDefinitions.Select(scope => ScopeText.Of(scope, texts));

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ObjectionAsync(ct) ?? Page();

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "decision")] string? decision, CancellationToken ct)
    {
        if (await ObjectionAsync(ct) is { } objection) return objection;

        switch (decision)
        {
            case "allow":
                await requests.ConsentAsync(Handle!, _session!, _pending!.Scopes, ct);
                break;
            case "deny":
                await requests.DenyAsync(Handle!, _session!, ct);
                break;
            default:
                return Page();
        }

        return LocalRedirect("~" + PendingAuthorizations.ContinueUrl(Handle!));
    }

    private async Task<IActionResult?> ObjectionAsync(CancellationToken ct)
    {
        _pending = await requests.FindAsync(Handle, ct);
        if (_pending is null) return ErrorResult.RequestExpired(texts);

        // A device is asked about on a page of its own.
        if (_pending.RedirectOrigin is null) return LocalRedirect("~" + PendingAuthorizations.ContinueUrl(Handle!));

        ContentSecurity.AllowAnswerTo(HttpContext, _pending);
        _session = await cookie.ReadAsync(HttpContext, ct);
        return _session is null ? RedirectToPage("/Login", new { request = Handle }) : null;
    }
}
