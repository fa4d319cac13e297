using System.Diagnostics;
using System.Globalization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.SignIn;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages;

/// <summary><c>/setup</c>: makes the first administrator, for whoever can read the code in the server's log.</summary>
[OpenRoute("the one-time code is the proof")]
[FormLimit(FormKind.SignIn)]
internal sealed class SetupModel(FirstAdministrator first, SignInFlow flow, TimeProvider clock, IStringLocalizer<Texts> texts) : PageModel
{
    public string? Code { get; private set; }

    public AccountForm Form { get; private set; } = new();

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "code")] string? code, CancellationToken ct)
    {
        Code = code;
        return await IsOpenAsync(ct) ? Page() : Closed();
    }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "code")] string? code, [FromForm] AccountForm form, CancellationToken ct)
    {
        (Code, Form) = (code, form);
        if (!await IsOpenAsync(ct)) return Closed();
        if (form.Read(texts) is not { } wanted) return this.Invalid();

        switch (await first.CreateAsync(Code!, wanted, HttpContext.Connection.RemoteIpAddress?.ToString(), ct))
        {
            case RegistrationOutcome.Registered registered:
                return LocalRedirect("~" + await flow.BeginAsync(HttpContext, registered.User, Proof.Password(clock.GetUtcNow()), SignInTarget.Of(null, null), persistent: false, ct));

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

    private async Task<bool> IsOpenAsync(CancellationToken ct) => !string.IsNullOrEmpty(Code) && await first.IsOpenAsync(Code, ct);

    private ErrorResult Closed() => new(StatusCodes.Status404NotFound, texts["Setup_Closed"], texts["Setup_ClosedHelp"]);
}
