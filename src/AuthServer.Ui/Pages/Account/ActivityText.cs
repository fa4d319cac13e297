using AuthServer.Engine.Audit;
using Microsoft.Extensions.Localization;

namespace AuthServer.Ui.Pages.Account;

/// <summary>A line of the audit trail in words for the person it is about.</summary>
/// <param name="Attention">Worth a look: the person should know of it, or somebody else did it.</param>
internal sealed record ActivityText(string Title, string? Note, bool Attention)
{
    /// <summary>What concerns a person. Each refresh of a token is kept as well, and says nothing to them.</summary>
    public static readonly IReadOnlyCollection<AuditKind> Kinds =
    [
        AuditKind.SignedIn, AuditKind.SignInRefused, AuditKind.SignInStepRefused, AuditKind.SignedOut, AuditKind.SessionEnded, AuditKind.NewDevice, AuditKind.Registered, AuditKind.AdministratorCreated,
        AuditKind.ConsentGiven, AuditKind.GrantRevoked, AuditKind.TokenReuseDetected, AuditKind.UserChanged, AuditKind.ProfileChanged, AuditKind.PasswordChanged, AuditKind.PasswordResetAsked,
        AuditKind.EmailChanged, AuditKind.EmailConfirmed, AuditKind.SecondFactorChanged, AuditKind.RecoveryCodeUsed, AuditKind.ExternalLoginChanged, AuditKind.DataExported,
        AuditKind.ApiKeyCreated, AuditKind.ApiKeyChanged, AuditKind.ApiKeyRevoked,
    ];

    public static ActivityText Of(AuditEvent happened, string app, IStringLocalizer<Texts> texts) => happened.Kind switch
    {
        AuditKind.SignedIn => Plain(texts["Event_SignedIn"]),
        AuditKind.SignInRefused => Notable(texts["Event_SignInRefused"], happened.Detail == "wrong password" ? texts["Event_WrongPassword"].Value : null),
        AuditKind.SignInStepRefused => Notable(texts["Event_SignInStepRefused"], texts["Event_SignInStepRefused_Note"]),
        AuditKind.SignedOut => Plain(texts["Event_SignedOut"]),
        AuditKind.SessionEnded => Plain(texts["Event_SessionEnded"]),
        AuditKind.NewDevice => Notable(texts["Event_NewDevice"], null),
        AuditKind.Registered or AuditKind.AdministratorCreated => Plain(texts["Event_Registered"]),
        AuditKind.ConsentGiven => Plain(texts["Event_ConsentGiven", app]),
        AuditKind.GrantRevoked => Plain(texts["Event_GrantRevoked", app]),
        AuditKind.TokenReuseDetected => Notable(texts["Event_TokenReuse", app], texts["Event_TokenReuse_Note"]),
        AuditKind.ProfileChanged => Plain(texts["Event_ProfileChanged"]),
        AuditKind.PasswordChanged => Plain(texts["Event_PasswordChanged"]),
        AuditKind.PasswordResetAsked => Notable(texts["Event_PasswordResetAsked"], null),
        AuditKind.EmailChanged => Plain(texts["Event_EmailChanged"]),
        AuditKind.EmailConfirmed => Plain(texts["Event_EmailConfirmed"]),
        AuditKind.SecondFactorChanged => new(texts["Event_SecondFactorChanged"], Factor(happened.Detail, texts), false),
        AuditKind.RecoveryCodeUsed => Notable(texts["Event_RecoveryCodeUsed"], null),
        AuditKind.ExternalLoginChanged => Plain(texts["Event_ExternalLoginChanged"]),
        AuditKind.DataExported => Plain(texts["Event_DataExported"]),
        AuditKind.ApiKeyCreated => Notable(texts["Event_ApiKeyCreated"], happened.Detail),
        AuditKind.ApiKeyChanged => new(texts["Event_ApiKeyChanged"], happened.Detail, false),
        AuditKind.ApiKeyRevoked => new(texts["Event_ApiKeyRevoked"], happened.Detail, false),
        _ => Plain(texts["Event_UserChanged"]),
    };

    /// <summary>The trail is written for operators, in one language; these are the words it uses.</summary>
    private static string? Factor(string? detail, IStringLocalizer<Texts> texts) => detail switch
    {
        "authenticator app added" => texts["Event_AuthenticatorAdded"].Value,
        "authenticator app removed" => texts["Event_AuthenticatorRemoved"].Value,
        "passkey added" => texts["Event_PasskeyAdded"].Value,
        "passkey removed" => texts["Event_PasskeyRemoved"].Value,
        "new recovery codes" => texts["Event_RecoveryCodesMade"].Value,
        "codes by mail switched on" => texts["Event_EmailCodesOn"].Value,
        "codes by mail switched off" => texts["Event_EmailCodesOff"].Value,
        _ => null,
    };

    private static ActivityText Plain(string title) => new(title, null, false);

    private static ActivityText Notable(string title, string? note) => new(title, note, true);
}
