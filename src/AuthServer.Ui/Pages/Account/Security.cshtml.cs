using AuthServer.Engine.Accounts;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Sessions;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Pages.Account;

/// <summary><c>/account/security</c>: how do I sign in? Passkeys, authenticator app, recovery codes, codes by mail (ASVS 6.4.3, 7.4.3).</summary>
[FreshSignIn]
internal sealed class SecurityModel(
    SessionCookie cookie, IFactorStore factors, AuthenticatorApp app, Passkeys passkeys, RecoveryCodes recovery, EmailCodes mail, OwnProfile profile, OwnSessions sessions,
    IOptions<AccountOptions> options, IStringLocalizer<Texts> texts) : FactorPage(cookie, factors, recovery)
{
    /// <summary>So many and fewer are worth a warning.</summary>
    private const int FewCodes = 3;

    private readonly IFactorStore _factors = factors;

    private User _user = null!;

    public EnrolledFactors Factors { get; private set; } = EnrolledFactors.None;

    public AuthenticatorState? App { get; private set; }

    public IReadOnlyList<PasskeySummary> Keys { get; private set; } = [];

    /// <summary>What the browser is asked for a new one; null where there are as many as there may be.</summary>
    public PasskeyOptions? NewKey { get; private set; }

    public string? Notice { get; private set; }

    public string? Fault { get; private set; }

    /// <summary>A way to sign in was just changed: whoever is signed in elsewhere may be somebody else (ASVS 7.4.3).</summary>
    public bool OfferSignOut { get; private set; }

    public bool FewCodesLeft => Factors.AnyStrong && Factors.RecoveryCodesLeft <= FewCodes;

    public bool MailAllowed => options.Value.EmailCodes;

    public bool MailPossible => _user is { EmailConfirmed: true, Email.Length: > 0 };

    public string? Address => _user.Email;

    public bool HasPassword => _user.PasswordHash is not null;

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "done")] string? done, CancellationToken ct)
    {
        Notice = done switch
        {
            "app" => texts["Security_AppAdded"].Value,
            "app-removed" => texts["Security_AppRemoved"].Value,
            "passkey" => texts["Security_PasskeyAdded"].Value,
            "passkey-removed" => texts["Security_PasskeyRemoved"].Value,
            "renamed" => texts["Security_PasskeyRenamed"].Value,
            "mail-on" => texts["Security_MailIsOn"].Value,
            "mail-off" => texts["Security_MailIsOff"].Value,
            "others" => texts["Sessions_OthersEnded"].Value,
            _ => null,
        };
        OfferSignOut = Notice is not null && done is not ("others" or "renamed");
        return await ShowAsync(ct);
    }

    public async Task<IActionResult> OnPostPasskeyAsync([FromForm(Name = "ticket")] string? ticket, [FromForm(Name = "credential")] string? credential, CancellationToken ct)
    {
        if (await profile.ReadAsync(UserId) is not { } user) return Done("");
        var outcome = await passkeys.TryRegisterAsync(user, ticket ?? "", credential ?? "", name: null, HttpContext, ct);
        if (outcome == PasskeyEnrolment.Added) return await AddedAsync("passkey", ct);
        return await RefuseAsync(outcome == PasskeyEnrolment.TooMany ? texts["Security_PasskeyTooMany", Passkeys.MostPerUser] : texts["Security_PasskeyRefused"], ct);
    }

    public async Task<IActionResult> OnPostRenameAsync([FromForm(Name = "id")] string? id, [FromForm(Name = "name")] string? name, CancellationToken ct) =>
        await passkeys.TryRenameAsync(UserId, id ?? "", name ?? "", ct) ? Done("renamed") : await RefuseAsync(texts["Security_NameRefused"], ct);

    public async Task<IActionResult> OnPostRemoveAsync([FromForm(Name = "id")] string? id, CancellationToken ct) => Done(await passkeys.TryRemoveAsync(UserId, id ?? "", ct) ? "passkey-removed" : "");

    public async Task<IActionResult> OnPostRemoveAppAsync(CancellationToken ct) => Done(await app.TryRemoveAsync(UserId, ct) ? "app-removed" : "");

    public async Task<IActionResult> OnPostMailAsync([FromForm(Name = "on")] bool on, CancellationToken ct) => Done(await mail.SetEnabledAsync(UserId, on, ct) ? (on ? "mail-on" : "mail-off") : "");

    public async Task<IActionResult> OnPostElsewhereAsync(CancellationToken ct)
    {
        await sessions.EndEverythingElseAsync(Current, Visitor.AddressOf(HttpContext), ct);
        return Done("others");
    }

    private async Task<IActionResult> RefuseAsync(string fault, CancellationToken ct)
    {
        Fault = fault;
        await ShowAsync(ct);
        return this.Invalid();
    }

    private async Task<IActionResult> ShowAsync(CancellationToken ct)
    {
        if (await profile.ReadAsync(UserId) is not { } user) return NotFound();
        _user = user;
        Factors = await _factors.ReadAsync(UserId, ct);
        App = Factors.Authenticator ? await app.FindAsync(UserId, ct) : null;
        Keys = await passkeys.ListAsync(UserId, ct);
        NewKey = Keys.Count < Passkeys.MostPerUser ? await passkeys.CreationOptionsAsync(user, HttpContext, ct) : null;
        return Page();
    }
}
