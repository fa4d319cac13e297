using System.Globalization;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Ui.Forms;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace AuthServer.Ui.Pages;

/// <summary><c>/login</c>: a name and a password, for one waiting request or for this server itself.</summary>
[OpenRoute("where people sign in")]
[FormLimit(FormKind.SignIn, LoginModel.IdentifierField)]
internal sealed class LoginModel(
    PasswordSignIn signIn, SignInFlow flow, SecondStep second, Passkeys passkeys, SessionCookie cookie, PendingAuthorizations requests, IOptions<AccountOptions> accounts, TimeProvider clock, IStringLocalizer<Texts> texts) : PageModel
{
    public const string IdentifierField = "username";
    public const string PasswordField = "password";

    /// <summary>No password is longer; hashing a longer text would be work for nothing.</summary>
    private const int PasswordLimit = 4096;

    [FromQuery(Name = "request")] public string? Handle { get; set; }

    /// <summary>A page of ours to go on to; see <see cref="SignInTarget.Of"/>.</summary>
    [FromQuery(Name = "next")] public string? Next { get; set; }

    /// <summary>The person is signed in, but has to show that it is still them.</summary>
    [FromQuery(Name = "again")] public bool Again { get; set; }

    [BindProperty(Name = IdentifierField)] public string? Identifier { get; set; }

    [BindProperty(Name = PasswordField)] public string? Password { get; set; }

    [BindProperty(Name = "remember")] public bool Remember { get; set; }

    public PendingView? Pending { get; private set; }

    /// <summary>For a browser that has a passkey of this server and offers it by itself.</summary>
    public PasskeyOptions? PasskeyOptions { get; private set; }

    public FormFaults Faults { get; } = new();

    public SignInTarget Target => SignInTarget.Of(Handle, Next);

    public bool MayRegister => accounts.Value.RegistrationEnabled;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        if (!await TryReadRequestAsync(ct)) return ErrorResult.RequestExpired(texts);
        var current = await cookie.ReadAsync(HttpContext, ct);
        if (Pending is null && current is not null && !Again) return LocalRedirect("~" + SignInFlow.DestinationOf(Target));
        Again = Again && current is not null;

        Identifier = Pending?.LoginHint ?? current?.UserName;
        PasskeyOptions = await passkeys.RequestOptionsAsync(null, HttpContext, ct);
        return Page();
    }

    /// <summary>A passkey says who the person is and, with its user verification, is two factors at once.</summary>
    public async Task<IActionResult> OnPostPasskeyAsync([FromForm(Name = "ticket")] string? ticket, [FromForm(Name = "credential")] string? credential, CancellationToken ct)
    {
        if (!await TryReadRequestAsync(ct)) return ErrorResult.RequestExpired(texts);
        ModelState.Clear();
        if (await second.SignInWithPasskeyAsync(HttpContext, ticket ?? "", credential ?? "", Target, persistent: false, ct) is StepOutcome.GoOn on) return LocalRedirect("~" + on.Url);

        Faults.Summary = texts["Login_PasskeyWrong"];
        return await InvalidAsync(ct);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (!await TryReadRequestAsync(ct)) return ErrorResult.RequestExpired(texts);

        Identifier = Identifier?.Trim();
        if (string.IsNullOrEmpty(Identifier)) Faults.Add(IdentifierField, texts["Login_IdentifierMissing"]);
        if (string.IsNullOrEmpty(Password)) Faults.Add(PasswordField, texts["Password_Missing"]);
        if (Faults.Any) return await InvalidAsync(ct);
        if (Identifier!.Length > 256 || Password!.Length > PasswordLimit) return await RefusedAsync(ct);

        switch (await signIn.AttemptAsync(Identifier, Password, HttpContext.Connection.RemoteIpAddress?.ToString(), ct))
        {
            case SignInOutcome.Right right:
                return LocalRedirect("~" + await flow.BeginAsync(HttpContext, right.User, Proof.Password(clock.GetUtcNow()), Target, Remember, ct));

            case SignInOutcome.LockedOut locked:
                var minutes = (int)Math.Ceiling(Math.Clamp((locked.Until - clock.GetUtcNow()).TotalMinutes, 1, 24 * 60));
                Faults.Summary = minutes == 1 ? texts["Login_LockedOneMinute"] : texts["Login_LockedMinutes", minutes];
                return await InvalidAsync(ct, StatusCodes.Status429TooManyRequests);

            case SignInOutcome.Busy busy:
                Faults.Summary = texts["Form_Busy"];
                Response.Headers.RetryAfter = busy.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                return await InvalidAsync(ct, StatusCodes.Status503ServiceUnavailable);

            default:
                return await RefusedAsync(ct);
        }
    }

    /// <summary>False where a request is named that nobody can go on with.</summary>
    private async Task<bool> TryReadRequestAsync(CancellationToken ct)
    {
        if (Handle is null) return true;
        Pending = await requests.FindAsync(Handle, ct);
        ContentSecurity.AllowAnswerTo(HttpContext, Pending);
        return Pending is not null;
    }

    /// <summary>One text for every reason: it does not tell which names exist.</summary>
    private Task<PageResult> RefusedAsync(CancellationToken ct)
    {
        Faults.Summary = texts["Login_Refused"];
        Faults.Add(PasswordField, texts["Login_RefusedHelp"]);
        return InvalidAsync(ct);
    }

    private async Task<PageResult> InvalidAsync(CancellationToken ct, int status = StatusCodes.Status422UnprocessableEntity)
    {
        PasskeyOptions = await passkeys.RequestOptionsAsync(null, HttpContext, ct);
        var page = Page();
        page.StatusCode = status;
        return page;
    }
}
