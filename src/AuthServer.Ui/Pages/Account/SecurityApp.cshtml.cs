using AuthServer.Engine.Accounts;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Sessions;
using AuthServer.Ui.Branding;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/security/app</c>: put the account into an authenticator app (RFC 6238). Nothing changes until the app shows a right code.</summary>
[FreshSignIn]
internal sealed class SecurityAppModel(
    SessionCookie cookie, IFactorStore factors, AuthenticatorApp app, RecoveryCodes recovery, OwnProfile profile, IOptions<BrandingOptions> branding, IStringLocalizer<Texts> texts)
    : FactorPage(cookie, factors, recovery)
{
    public const string CodeField = "code";

    private readonly IFactorStore _factors = factors;

    public AuthenticatorSetup Setup { get; private set; } = null!;

    /// <summary>There is one already.</summary>
    public bool Replaces { get; private set; }

    public FormFaults Faults { get; } = new();

    public async Task<IActionResult> OnGetAsync(CancellationToken ct) => await ShowAsync(null, ct);

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "setup")] string? setup, [FromForm(Name = CodeField)] string? code, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(code)) Faults.Add(CodeField, texts["Factor_CodeMissing"]);
        else if (await profile.ReadAsync(UserId) is { } user && await app.TryConfirmAsync(user, setup ?? "", code, ct)) return await AddedAsync("app", ct);
        else Faults.Add(CodeField, texts["Factor_AppWrong"]);

        await ShowAsync(setup, ct);
        return this.Invalid();
    }

    private async Task<IActionResult> ShowAsync(string? setup, CancellationToken ct)
    {
        if (await profile.ReadAsync(UserId) is not { } user) return NotFound();
        Setup = await app.ResumeAsync(user, setup, ct) ?? await app.BeginAsync(user, branding.Value.Name, ct);
        Replaces = (await _factors.ReadAsync(UserId, ct)).Authenticator;
        return Page();
    }
}
