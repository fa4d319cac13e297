using System.Globalization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.SignIn;
using AuthServer.Ui.Forms;
using AuthServer.Ui.Pages.Account;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Login;

/// <summary><c>/login/new-password</c>: the password has to be replaced before the person is signed in.</summary>
[FormLimit(FormKind.SignIn)]
internal sealed class NewPasswordModel(SignInFlow flow, NewPasswordStep step, PendingAuthorizations requests, IStringLocalizer<Texts> texts) : StepPage<SignInStep.NewPassword>(flow, requests)
{
    public const string PasswordField = "password";

    public FormFaults Faults { get; } = new();

    public async Task<IActionResult> OnPostAsync([FromForm(Name = PasswordField)] string? password, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(password))
        {
            Faults.Add(PasswordField, texts["Register_PasswordMissing"]);
            return this.Invalid();
        }

        var (outcome, url) = await step.ReplaceAsync(HttpContext, Waiting, password, Visitor.DeviceOf(HttpContext), ct);
        switch (outcome)
        {
            case PasswordChangeOutcome.Changed:
                return Redirect("~" + (url ?? StartUrl));
            case PasswordChangeOutcome.Refused refused:
                Faults.Add(PasswordField, FaultText.Of(refused.Fault, texts));
                return this.Invalid();
            case PasswordChangeOutcome.Busy busy:
                Faults.Summary = texts["Form_Busy"];
                Response.Headers.RetryAfter = busy.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                return this.Invalid(StatusCodes.Status503ServiceUnavailable);
            default:
                return Redirect("~" + StartUrl);
        }
    }
}
