using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Factors;

/// <summary>How the ways to sign in can change.</summary>
public enum FactorChange
{
    AuthenticatorAdded,
    AuthenticatorRemoved,
    PasskeyAdded,
    PasskeyRemoved,
    RecoveryCodesMade,
    EmailCodesOn,
    EmailCodesOff,
}

/// <summary>Nobody's ways to sign in change behind their back: every change stands in the audit trail and is told to the confirmed address (ASVS 6.3.7).</summary>
public sealed class FactorNotices(IServiceScopeFactory scopes, IPostOffice post, IAuditTrail audit, TimeProvider clock)
{
    public Task ChangedAsync(string userId, FactorChange change, CancellationToken ct)
    {
        audit.Record(new AuditEvent(AuditKind.SecondFactorChanged, Subject: userId, Detail: Plain(change)));
        return TellAsync(userId, MailKind.SecondFactorChanged, change.ToString(), ct);
    }

    public Task RecoveryCodeUsedAsync(string userId, CancellationToken ct)
    {
        audit.Record(new AuditEvent(AuditKind.RecoveryCodeUsed, Subject: userId));
        return TellAsync(userId, MailKind.RecoveryCodeUsed, null, ct);
    }

    private async Task TellAsync(string userId, MailKind kind, string? what, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var scope = scopes.CreateAsyncScope();
        // An address nobody confirmed may be a stranger's.
        if (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(userId) is not { EmailConfirmed: true, Email: { Length: > 0 } address } user) return;
        var values = LetterValues.Of(clock.GetUtcNow(), null, null);
        if (what is not null) values["what"] = what;
        post.Post(new Letter { Kind = kind, To = address, Name = user.UserName, Values = values });
    }

    private static string Plain(FactorChange change) => change switch
    {
        FactorChange.AuthenticatorAdded => "authenticator app added",
        FactorChange.AuthenticatorRemoved => "authenticator app removed",
        FactorChange.PasskeyAdded => "passkey added",
        FactorChange.PasskeyRemoved => "passkey removed",
        FactorChange.RecoveryCodesMade => "new recovery codes",
        FactorChange.EmailCodesOn => "codes by mail switched on",
        FactorChange.EmailCodesOff => "codes by mail switched off",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
