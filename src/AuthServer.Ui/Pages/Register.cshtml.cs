using System.Diagnostics;
using System.Globalization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Recovery;
using AuthServer.Engine.SignIn;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Pages;

/// <summary><c>/register</c>: a new account, and the way on for the request that led here (OpenID Connect Initiating User Registration 1.0).</summary>
[OpenRoute("for people without an account")]
[FormLimit(FormKind.Registration)]
internal sealed class RegisterModel(
    Registration registration, SignInFlow flow, EmailConfirmation confirmation, PendingAuthorizations requests, IOptions<AccountOptions> accounts, TimeProvider clock, IStringLocalizer<Texts> texts) : PageModel
{
    [FromQuery(Name = "request")] public string? Handle { get; set; }

    public AccountForm Form { get; private set; } = new();

    public PendingView? Pending { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ObjectionAsync(ct) ?? Page();

    public async Task<IActionResult> OnPostAsync([FromForm] AccountForm form, CancellationToken ct)
    {
        Form = form;
        if (await ObjectionAsync(ct) is { } objection) return objection;
        if (form.Read(texts) is not { } wanted) return this.Invalid();

        switch (await registration.RegisterAsync(wanted, HttpContext.Connection.RemoteIpAddress?.ToString(), ct))
        {
            case RegistrationOutcome.Registered registered:
                await confirmation.TrySendAsync(registered.User, ct);
                return LocalRedirect("~" + await flow.BeginAsync(HttpContext, registered.User, Proof.Password(clock.GetUtcNow()), SignInTarget.Of(Handle, null), persistent: false, ct));

            case RegistrationOutcome.Invalid invalid:
                form.Mark(invalid.Faults, texts);
                return this.Invalid();

            case RegistrationOutcome.Busy busy:
                form.Faults.Summary = texts["Form_Busy"];
                Response.Headers.RetryAfter = busy.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                return this.Invalid(StatusCodes.Status503ServiceUnavailable);

            default:
                throw new UnreachableException();
        }
    }

    private async Task<IActionResult?> ObjectionAsync(CancellationToken ct)
    {
        if (!accounts.Value.RegistrationEnabled)
            return new ErrorResult(StatusCodes.Status404NotFound, texts["Register_Closed"], texts["Register_ClosedHelp"]);
        if (Handle is null) return null;

        Pending = await requests.FindAsync(Handle, ct);
        ContentSecurity.AllowAnswerTo(HttpContext, Pending);
        return Pending is null ? ErrorResult.RequestExpired(texts) : null;
    }
}
