using AuthServer.Engine.Accounts;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Pages;

/// <summary><c>/</c>: the way in; who is signed in goes on to their account.</summary>
[OpenRoute("leads to the account or to the sign-in")]
internal sealed class IndexModel(SessionCookie cookie, IOptions<AccountOptions> accounts) : PageModel
{
    public bool MayRegister => accounts.Value.RegistrationEnabled;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await cookie.ReadAsync(HttpContext, ct) is null ? Page() : Redirect("~/account");
}
