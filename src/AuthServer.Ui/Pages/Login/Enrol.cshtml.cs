using AuthServer.Engine.Accounts;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.SignIn;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Pages.Login;

/// <summary><c>/login/enrol</c>: a second factor is required and the person has none that would do, so it is set up now, as a step of the sign-in.</summary>
[FormLimit(FormKind.SignIn)]
internal sealed class EnrolModel(
    SignInFlow flow, SecondStep second, AuthenticatorApp app, Passkeys passkeys, RecoveryCodes recovery, PendingAuthorizations requests, IOptions<AccountOptions> accounts, TimeProvider clock,
    IStringLocalizer<Texts> texts)
    : StepPage<SignInStep.Enrol>(flow, requests)
{
    public const string CodeField = "code";

    public FormFaults Faults { get; } = new();

    public AuthenticatorSetup? Setup { get; private set; }

    public PasskeyOptions? PasskeyOptions { get; private set; }

    /// <summary>Shown once, after the factor was set up.</summary>
    public IReadOnlyList<string> Codes { get; private set; } = [];

    public string ContinueUrl { get; private set; } = "";

    /// <summary>Whoever finds an old session open must not be able to set up a factor of their own.</summary>
    protected override string? ElsewhereFirst() =>
        Waiting.Attempt.Proofs.All(p => p.At.AddMinutes(accounts.Value.FreshSignInMinutes) < clock.GetUtcNow()) ? AgainUrl : null;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        await PrepareAsync(setup: null, ct);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm(Name = "setup")] string? setup, [FromForm(Name = CodeField)] string? code, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(code)) Faults.Add(CodeField, texts["Factor_CodeMissing"]);
        else if (await second.EnrolAppAsync(HttpContext, Waiting, setup ?? "", code, ct) is var outcome and not StepOutcome.Wrong) return await DoneAsync(outcome, ct);
        else Faults.Add(CodeField, texts["Factor_AppWrong"]);

        await PrepareAsync(setup, ct);
        return this.Invalid();
    }

    public async Task<IActionResult> OnPostPasskeyAsync([FromForm(Name = "ticket")] string? ticket, [FromForm(Name = "credential")] string? credential, CancellationToken ct)
    {
        if (await second.EnrolPasskeyAsync(HttpContext, Waiting, ticket ?? "", credential ?? "", ct) is var outcome and not StepOutcome.Wrong) return await DoneAsync(outcome, ct);
        Faults.Summary = texts["Enrol_PasskeyWrong"];
        await PrepareAsync(setup: null, ct);
        return this.Invalid();
    }

    private async Task<IActionResult> DoneAsync(StepOutcome outcome, CancellationToken ct)
    {
        if (outcome is not StepOutcome.GoOn on) return Redirect("~" + StartUrl);
        // On a busy machine there are none; the account page says so and makes them.
        if (await recovery.ReplaceAsync(Waiting.User.Id, ct) is not { } codes) return Redirect("~" + on.Url);
        (Codes, ContinueUrl) = (codes, on.Url);
        return Page();
    }

    private async Task PrepareAsync(string? setup, CancellationToken ct)
    {
        Setup = await app.ResumeAsync(Waiting.User, setup, ct) ?? await app.BeginAsync(Waiting.User, ct);
        PasskeyOptions = await passkeys.CreationOptionsAsync(Waiting.User, HttpContext, ct);
    }
}
