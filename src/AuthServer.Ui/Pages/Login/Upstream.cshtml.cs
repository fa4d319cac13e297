using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Upstream;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Login;

/// <summary>
/// <c>/login/upstream/{name}</c>: on the way to another provider. The page that follows the button goes on by itself: a redirect after a form would need every provider's origin in the
/// Content-Security-Policy of the sign-in page, and so a look at each provider before that page can be shown.
/// </summary>
[OpenRoute("leads to another provider")]
internal sealed class UpstreamModel(UpstreamSignIn upstream, UpstreamProviders providers, SessionCookie cookie, IStringLocalizer<Texts> texts) : PageModel
{
    [FromQuery(Name = "request")] public string? Handle { get; set; }

    [FromQuery(Name = "next")] public string? Next { get; set; }

    public string DisplayName { get; private set; } = "";

    public string Destination { get; private set; } = "";

    public IActionResult OnGet() => Redirect("~/login" + SignInTarget.Of(Handle, Next).Query);

    public async Task<IActionResult> OnPostAsync(string name, CancellationToken ct)
    {
        if (providers.Find(name) is not { } provider) return NotFound();
        if (await upstream.BeginAsync(HttpContext, name, SignInTarget.Of(Handle, Next), fresh: await cookie.ReadAsync(HttpContext, ct) is not null, linkTo: null, ct) is not { } destination)
            return new ErrorResult(StatusCodes.Status503ServiceUnavailable, texts["Upstream_Failed", provider.DisplayName], texts["Upstream_FailedHelp"]);
        (DisplayName, Destination) = (provider.DisplayName, destination.AbsoluteUri);
        return Page();
    }
}
