using AuthServer.Engine.Accounts;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Pages.Login;

/// <summary><c>/login/factor</c>: the second step of a sign-in, or the one step by which a signed-in person reaches what a client asks for (RFC 9470).</summary>
[FormLimit(FormKind.SignIn)]
internal sealed class FactorModel(
    SignInFlow flow, SecondStep second, EmailCodes mail, Passkeys passkeys, PendingAuthorizations requests, SessionCookie cookie, IOptions<AccountOptions> accounts, IStringLocalizer<Texts> texts)
    : StepPage<SignInStep.SecondFactor>(flow, requests)
{
    public const string CodeField = "code";

    private static readonly Dictionary<string, ProofKind> Methods = new(StringComparer.Ordinal)
    {
        ["app"] = ProofKind.AuthenticatorCode, ["passkey"] = ProofKind.Passkey, ["mail"] = ProofKind.EmailCode, ["recovery"] = ProofKind.RecoveryCode,
    };

    private readonly PendingAuthorizations _requests = requests;

    [FromQuery(Name = "method")] public string? Method { get; set; }

    public FormFaults Faults { get; } = new();

    /// <summary>The one that this page asks for.</summary>
    public ProofKind Kind => Method is not null && Methods.TryGetValue(Method, out var kind) && Step.Choices.Contains(kind) ? kind : Step.Choices[0];

    public IEnumerable<(string Method, ProofKind Kind)> Others => Methods.Where(m => m.Value != Kind && Step.Choices.Contains(m.Value)).Select(static m => (m.Key, m.Value));

    /// <summary>Null where a device cannot be remembered, or it would change nothing: a client's own wish is asked for every time.</summary>
    public int? RememberDays => accounts.Value.RememberDeviceDays > 0 && !IsStepUp ? accounts.Value.RememberDeviceDays : null;

    /// <summary>The person is signed in already; the app wants more.</summary>
    public bool IsStepUp => Waiting.Attempt.Proofs.Any(static p => p.Kind == ProofKind.Session);

    public bool MailWasSent { get; private set; }

    public PasskeyOptions? PasskeyOptions { get; private set; }

    /// <summary>Enough of the address to know the mailbox, not enough to learn it.</summary>
    public string MaskedAddress => MailAddress.Mask(Waiting.User.Email);

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        await PrepareAsync(ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = CodeField)] string? code, [FromForm(Name = "trust")] bool trust, CancellationToken ct)
    {
        MailWasSent = Kind == ProofKind.EmailCode;
        if (string.IsNullOrWhiteSpace(code))
        {
            Faults.Add(CodeField, texts["Factor_CodeMissing"]);
            return this.Invalid();
        }

        return await AnswerAsync(code.Length > 64 ? new StepOutcome.Wrong() : await second.CodeAsync(HttpContext, Waiting, Kind, code, trust && RememberDays is not null, ct), ct);
    }

    public async Task<IActionResult> OnPostPasskeyAsync([FromForm(Name = "ticket")] string? ticket, [FromForm(Name = "credential")] string? credential, [FromForm(Name = "trust")] bool trust, CancellationToken ct)
    {
        Method = "passkey";
        return await AnswerAsync(string.IsNullOrEmpty(ticket) || string.IsNullOrEmpty(credential)
            ? new StepOutcome.Wrong()
            : await second.PasskeyAsync(HttpContext, Waiting, ticket, credential, trust && RememberDays is not null, ct), ct);
    }

    /// <summary>Sends a code; a look at the page alone does not.</summary>
    public async Task<IActionResult> OnPostSendAsync(CancellationToken ct)
    {
        Method = "mail";
        if (Kind != ProofKind.EmailCode) return Redirect("~" + StartUrl);
        MailWasSent = await mail.TrySendAsync(Waiting.User, ct);
        if (MailWasSent) return Page();
        Faults.Summary = texts["Factor_MailTooOften"];
        return this.Invalid(StatusCodes.Status429TooManyRequests);
    }

    /// <summary>Back to the app without what it asked for.</summary>
    public async Task<IActionResult> OnPostCancelAsync(CancellationToken ct)
    {
        if (Handle is null || Pending is null || await cookie.ReadAsync(HttpContext, ct) is not { } session) return Redirect("~/");
        await _requests.DenyAsync(Handle, session, ct);
        return Redirect("~" + PendingAuthorizations.ContinueUrl(Handle));
    }

    private async Task<IActionResult> AnswerAsync(StepOutcome outcome, CancellationToken ct)
    {
        switch (outcome)
        {
            case StepOutcome.GoOn on:
                return Redirect("~" + on.Url);
            case StepOutcome.Over:
                return Redirect("~" + StartUrl);
            case StepOutcome.TooMany:
                Faults.Summary = texts["Factor_TooMany"];
                await PrepareAsync(ct);
                return this.Invalid(StatusCodes.Status429TooManyRequests);
            default:
                if (Kind == ProofKind.Passkey) Faults.Summary = texts["Factor_PasskeyWrong"];
                else Faults.Add(CodeField, texts[Kind switch { ProofKind.AuthenticatorCode => "Factor_AppWrong", ProofKind.EmailCode => "Factor_MailWrong", _ => "Factor_RecoveryWrong" }]);
                await PrepareAsync(ct);
                return this.Invalid();
        }
    }

    private async Task PrepareAsync(CancellationToken ct)
    {
        if (Kind == ProofKind.Passkey) PasskeyOptions = await passkeys.RequestOptionsAsync(Waiting.User, HttpContext, ct);
    }
}
