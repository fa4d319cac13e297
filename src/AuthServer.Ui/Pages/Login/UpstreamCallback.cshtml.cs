using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Upstream;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Login;

/// <summary><c>/login/upstream/{name}/callback</c>: back from another provider.</summary>
[OpenRoute("the answer of another provider to this browser")]
internal sealed class UpstreamCallbackModel(UpstreamSignIn upstream, UpstreamProviders providers, SignInFlow flow, SessionCookie cookie, TimeProvider clock, IStringLocalizer<Texts> texts) : PageModel
{
    public string Title { get; private set; } = "";

    public string Help { get; private set; } = "";

    /// <summary>An account here has the address: the person can sign in to it and connect the two.</summary>
    public bool MayConnect { get; private set; }

    public string Back { get; private set; } = "/login";

    public async Task<IActionResult> OnGetAsync(string name, CancellationToken ct)
    {
        if (providers.Find(name) is not { } provider) return NotFound();
        var current = await cookie.ReadAsync(HttpContext, ct);
        switch (await upstream.FinishAsync(HttpContext, name, current?.Session.UserId, ct))
        {
            case UpstreamOutcome.SignedIn signedIn:
                return Redirect("~" + await flow.BeginAsync(HttpContext, signedIn.User, Proof.Upstream(clock.GetUtcNow(), signedIn.MultiFactor), signedIn.Target, persistent: false, ct));
            case UpstreamOutcome.Linked:
                return Redirect("~/account/connections");
            case UpstreamOutcome.Refused refused:
                (Title, Help) = (texts["Upstream_" + refused.Reason, provider.DisplayName], texts["Upstream_" + refused.Reason + "Help", provider.DisplayName]);
                MayConnect = refused.Reason == UpstreamRefusal.AddressKnown;
                Back = refused.Target is { Request: null, Page: { } page } ? page : "/login" + refused.Target.Query;
                var answer = Page();
                answer.StatusCode = refused.Reason switch
                {
                    UpstreamRefusal.ProviderFailed => StatusCodes.Status502BadGateway,
                    UpstreamRefusal.Expired => StatusCodes.Status400BadRequest,
                    _ => StatusCodes.Status403Forbidden,
                };
                return answer;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
