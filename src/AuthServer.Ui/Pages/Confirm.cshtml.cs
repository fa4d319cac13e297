using AuthServer.Engine.Protocol;
using AuthServer.Engine.Recovery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages;

/// <summary><c>/confirm</c>: an address is somebody's. The link shows a button and the button confirms, because programs that check mails open links as well.</summary>
[OpenRoute("the link in the mail is the proof")]
internal sealed class ConfirmModel(EmailConfirmation confirmations, AddressChange changes, IStringLocalizer<Texts> texts) : PageModel
{
    public string? Code { get; private set; }

    public bool Done { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "code")] string? code, CancellationToken ct)
    {
        Code = code;
        return await confirmations.IsOpenAsync(code, ct) || await changes.IsOpenAsync(code, ct) ? Page() : Expired();
    }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "code")] string? code, CancellationToken ct)
    {
        Done = await confirmations.TryConfirmAsync(code, ct) || await changes.TryConfirmAsync(code, ct);
        return Done ? Page() : Expired();
    }

    private ErrorResult Expired() => new(StatusCodes.Status404NotFound, texts["Link_Expired"], texts["Confirm_ExpiredHelp"]);
}
