using AuthServer.Engine.Factors;
using AuthServer.Engine.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AuthServer.Ui.Pages.Account;

/// <summary>A page on which a person changes how they sign in.</summary>
internal abstract class FactorPage(SessionCookie cookie, IFactorStore factors, RecoveryCodes recovery) : AccountPage(cookie)
{
    /// <summary>Shown once, in the answer that made them. Otherwise empty.</summary>
    public IReadOnlyList<string> Codes { get; protected set; } = [];

    /// <summary>After something strong was added: whoever has no recovery codes gets them now, before the day they are needed.</summary>
    protected async Task<IActionResult> AddedAsync(string done, CancellationToken ct)
    {
        if ((await factors.ReadAsync(UserId, ct)).RecoveryCodesLeft > 0) return Done(done);
        // On a busy machine there are none yet; the page says so and offers them.
        if (await recovery.ReplaceAsync(UserId, ct) is not { } codes) return Done(done);
        Codes = codes;
        return Page();
    }

    protected RedirectResult Done(string what) => Redirect("~/account/security?done=" + what);
}
