using System.Diagnostics;
using System.Globalization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Sessions;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/password</c>: another password, by the present one (ASVS 6.2.3).</summary>
internal sealed class PasswordModel(SessionCookie cookie, PasswordChange passwords, OwnProfile profile, OwnSessions sessions, TimeProvider clock, IStringLocalizer<Texts> texts) : AccountPage(cookie)
{
    public const string PresentField = "current";
    public const string NewField = "new";

    [BindProperty(Name = PresentField)] public string? Present { get; set; }

    [BindProperty(Name = NewField)] public string? Wanted { get; set; }

    /// <summary>Sign out everywhere else: checked unless the person takes it away.</summary>
    [BindProperty(Name = "elsewhere")] public bool Elsewhere { get; set; }

    public FormFaults Faults { get; } = new();

    /// <summary>False for who came here through another provider and never made one.</summary>
    public bool HasPassword { get; private set; } = true;

    public async Task OnGetAsync()
    {
        Elsewhere = true;
        HasPassword = await profile.ReadAsync(UserId) is { PasswordHash: not null };
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (string.IsNullOrEmpty(Present)) Faults.Add(PresentField, texts["ChangePassword_PresentMissing"]);
        if (string.IsNullOrEmpty(Wanted)) Faults.Add(NewField, texts["Register_PasswordMissing"]);
        if (Faults.Any) return this.Invalid();

        switch (await passwords.ChangeAsync(UserId, Present!, Wanted!, Visitor.AddressOf(HttpContext), Visitor.DeviceOf(HttpContext), ct))
        {
            case PasswordChangeOutcome.Changed:
                await Cookie.RenewSecretAsync(HttpContext, ct);
                if (Elsewhere) await sessions.EndEverythingElseAsync(Current, Visitor.AddressOf(HttpContext), ct);
                return Redirect("~/account?done=password");

            case PasswordChangeOutcome.WrongPassword:
                Faults.Add(PresentField, texts["ChangePassword_PresentWrong"]);
                return this.Invalid();

            case PasswordChangeOutcome.Refused refused:
                Faults.Add(NewField, FaultText.Of(refused.Fault, texts));
                return this.Invalid();

            case PasswordChangeOutcome.LockedOut locked:
                var minutes = (int)Math.Ceiling(Math.Clamp((locked.Until - clock.GetUtcNow()).TotalMinutes, 1, 24 * 60));
                Faults.Summary = minutes == 1 ? texts["Login_LockedOneMinute"] : texts["Login_LockedMinutes", minutes];
                return this.Invalid(StatusCodes.Status429TooManyRequests);

            case PasswordChangeOutcome.Busy busy:
                Faults.Summary = texts["Form_Busy"];
                Response.Headers.RetryAfter = busy.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                return this.Invalid(StatusCodes.Status503ServiceUnavailable);

            default:
                throw new UnreachableException();
        }
    }
}
