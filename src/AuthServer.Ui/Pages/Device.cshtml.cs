using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.RateLimits;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages;

/// <summary><c>/device</c>: the code that a device shows (RFC 8628 §3.3). A link can carry it; it is looked up when the form is sent and not before.</summary>
[OpenRoute("where the code of a device is typed")]
[FormLimit(FormKind.UserCode)]
internal sealed class DeviceModel(DeviceAuthorizations devices, SessionCookie cookie, TrafficLimits limits, IStringLocalizer<Texts> texts) : PageModel
{
    public const string CodeField = "user_code";

    public string? UserCode { get; private set; }

    public FormFaults Faults { get; } = new();

    public void OnGet([FromQuery(Name = CodeField)] string? linked, [FromRoute] string? typed) => UserCode = Shown(linked ?? typed);

    public async Task<IActionResult> OnPostAsync([FromForm(Name = CodeField)] string? typed, CancellationToken ct)
    {
        UserCode = Shown(typed);
        if (UserCodes.Read(typed) is not { } code)
        {
            Faults.Add(CodeField, texts[string.IsNullOrWhiteSpace(typed) ? "DeviceCode_Missing" : "DeviceCode_NotOne"]);
            return this.Invalid();
        }

        if (await cookie.ReadAsync(HttpContext, ct) is null && !limits.TryPassUserCodeOfStranger(HttpContext))
            return LocalRedirect("~/login" + SignInTarget.Of(null, DeviceAuthorizations.PageOf(code)).Query);
        if (await devices.EnterAsync(code, ct) is { } handle) return LocalRedirect("~" + DeviceAuthorizations.DecisionUrl(handle));

        Faults.Add(CodeField, texts["DeviceCode_Unknown"]);
        return this.Invalid();
    }

    /// <summary>As the device shows it, where it is a code; otherwise what was typed, to be corrected.</summary>
    private static string? Shown(string? typed) => UserCodes.Read(typed) is { } code ? UserCodes.Show(code) : typed is { Length: <= 64 } ? typed : null;
}
