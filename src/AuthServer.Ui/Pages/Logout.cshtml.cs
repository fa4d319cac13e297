using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthServer.Ui.Pages;

/// <summary><c>/logout</c>: the person confirms, for no other site may sign them out (OpenID Connect RP-Initiated Logout §2).</summary>
[OpenRoute("ends only the session whose cookie comes along")]
internal sealed class LogoutModel(SessionCookie cookie, LogoutRequests requests) : PageModel
{
    private LogoutRequest? _asked;

    [FromQuery(Name = "request")] public string? Text { get; set; }

    public string? ClientName => _asked?.ClientName;

    public string UserName { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        ReadRequest();
        if (await cookie.ReadAsync(HttpContext, ct) is not { } session) return Leave();
        UserName = session.UserName;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        ReadRequest();
        await cookie.SignOutAsync(HttpContext, ct);
        return Leave();
    }

    private void ReadRequest()
    {
        _asked = requests.Read(Text);
        ContentSecurity.AllowRedirectTo(HttpContext, _asked?.RedirectUrl);
    }

    /// <summary>The URL was verified when the request was written, and nobody but this server can write one.</summary>
    private IActionResult Leave() => _asked?.RedirectUrl is { } url ? Redirect(url) : RedirectToPage("/LogoutDone");
}
