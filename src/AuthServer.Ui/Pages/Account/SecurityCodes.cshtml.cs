using System.Globalization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Sessions;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/security/recovery-codes</c>: new ones in place of the old, shown once. Without a factor they could stand in for there are none.</summary>
[FreshSignIn]
internal sealed class SecurityCodesModel(SessionCookie cookie, IFactorStore factors, RecoveryCodes recovery, IStringLocalizer<Texts> texts) : FactorPage(cookie, factors, recovery)
{
    private readonly IFactorStore _factors = factors;
    private readonly RecoveryCodes _recovery = recovery;

    public int Left { get; private set; }

    public FormFaults Faults { get; } = new();

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (await _factors.ReadAsync(UserId, ct) is not { AnyStrong: true } enrolled) return Redirect("~/account/security");
        Left = enrolled.RecoveryCodesLeft;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (await _factors.ReadAsync(UserId, ct) is not { AnyStrong: true } enrolled) return Redirect("~/account/security");
        Left = enrolled.RecoveryCodesLeft;
        if (await _recovery.ReplaceAsync(UserId, ct) is { } codes)
        {
            Codes = codes;
            return Page();
        }

        Faults.Summary = texts["Form_Busy"];
        Response.Headers.RetryAfter = HashingGate.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return this.Invalid(StatusCodes.Status503ServiceUnavailable);
    }
}
