using AuthServer.Engine.Protocol;
using AuthServer.Engine.Recovery;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages;

/// <summary><c>/forgot</c>: asks for a link to set a new password. The answer is the same for everybody.</summary>
[OpenRoute("for people who cannot sign in")]
[FormLimit(FormKind.Reset, ForgotModel.IdentifierField)]
internal sealed class ForgotModel(PasswordResetRequests resets, IStringLocalizer<Texts> texts) : PageModel
{
    public const string IdentifierField = "username";

    [FromQuery(Name = "request")] public string? Handle { get; set; }

    [BindProperty(Name = IdentifierField)] public string? Identifier { get; set; }

    public FormFaults Faults { get; } = new();

    public bool Sent { get; private set; }

    public IActionResult OnPost()
    {
        if (string.IsNullOrWhiteSpace(Identifier))
        {
            Faults.Add(IdentifierField, texts["Login_IdentifierMissing"]);
            var page = Page();
            page.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return page;
        }

        resets.Ask(Identifier.Trim(), Handle, HttpContext.Connection.RemoteIpAddress?.ToString());
        Sent = true;
        return Page();
    }
}
