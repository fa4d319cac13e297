using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages;

/// <summary><c>/select-account</c>: go on as the person who is signed in, or as another one (<c>prompt=select_account</c>).</summary>
[OpenRoute("only for a request that waits")]
internal sealed class SelectAccountModel(SessionCookie cookie, PendingAuthorizations requests, IStringLocalizer<Texts> texts) : PageModel
{
    private PendingView? _pending;
    private CurrentSession? _session;

    [FromQuery(Name = "request")] public string? Handle { get; set; }

    public string ClientName => _pending!.Client.DisplayName;

    public string UserName => _session!.UserName;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ObjectionAsync(ct) ?? Page();

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "choice")] string? choice, CancellationToken ct)
    {
        if (await ObjectionAsync(ct) is { } objection) return objection;

        switch (choice)
        {
            case "current":
                await requests.SelectAccountAsync(Handle!, _session!, ct);
                return LocalRedirect("~" + PendingAuthorizations.ContinueUrl(Handle!));
            case "other":
                await cookie.SignOutAsync(HttpContext, ct);
                return RedirectToPage("/Login", new { request = Handle });
            default:
                return Page();
        }
    }

    private async Task<IActionResult?> ObjectionAsync(CancellationToken ct)
    {
        _pending = await requests.FindAsync(Handle, ct);
        if (_pending is null) return ErrorResult.RequestExpired(texts);

        ContentSecurity.AllowAnswerTo(HttpContext, _pending);
        _session = await cookie.ReadAsync(HttpContext, ct);
        return _session is null ? RedirectToPage("/Login", new { request = Handle }) : null;
    }
}
