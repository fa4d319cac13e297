using System.Diagnostics;
using System.Globalization;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Recovery;
using AuthServer.Ui.Forms;
using AuthServer.Ui.Pages.Account;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages;

/// <summary><c>/reset</c>: a new password, for whoever holds the link that was mailed. It signs nobody in.</summary>
[OpenRoute("the link in the mail is the proof")]
[FormLimit(FormKind.Reset)]
internal sealed class ResetModel(PasswordReset resets, IStringLocalizer<Texts> texts) : PageModel
{
    public const string PasswordField = "password";

    public string? Code { get; private set; }

    /// <summary>The request of the app the person came from.</summary>
    public string? Handle { get; private set; }

    public bool Done { get; private set; }

    public FormFaults Faults { get; } = new();

    /// <summary>A look uses nothing up: programs that check mails for bad links open them as well.</summary>
    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "code")] string? code, CancellationToken ct)
    {
        Code = code;
        return await resets.FindAsync(code, ct) is null ? Expired() : Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "code")] string? code, [FromForm(Name = PasswordField)] string? password, CancellationToken ct)
    {
        Code = code;
        if (await resets.FindAsync(code, ct) is not { } link) return Expired();
        Handle = link.Request;
        if (string.IsNullOrEmpty(password))
        {
            Faults.Add(PasswordField, texts["Register_PasswordMissing"]);
            return this.Invalid();
        }

        switch (await resets.ResetAsync(code, password, Visitor.AddressOf(HttpContext), Visitor.DeviceOf(HttpContext), ct))
        {
            case PasswordResetOutcome.Done:
                Done = true;
                return Page();
            case PasswordResetOutcome.Expired:
                return Expired();
            case PasswordResetOutcome.Refused refused:
                Faults.Add(PasswordField, FaultText.Of(refused.Fault, texts));
                return this.Invalid();
            case PasswordResetOutcome.Busy busy:
                Faults.Summary = texts["Form_Busy"];
                Response.Headers.RetryAfter = busy.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                return this.Invalid(StatusCodes.Status503ServiceUnavailable);
            default:
                throw new UnreachableException();
        }
    }

    private ErrorResult Expired() => new(StatusCodes.Status404NotFound, texts["Link_Expired"], texts["Reset_ExpiredHelp"]);
}
