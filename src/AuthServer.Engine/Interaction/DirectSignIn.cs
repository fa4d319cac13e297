using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Factors;
using AuthServer.Engine.SignIn;

namespace AuthServer.Engine.Interaction;

/// <summary>How a sign-in ended that has one request to prove everything.</summary>
public abstract record DirectOutcome
{
    private DirectOutcome() { }

    public sealed record SignedIn(User User, CompletedSignIn SignIn) : DirectOutcome;

    /// <summary>The password is right and not enough: a code has to come with it, or was wrong. Nobody is signed in.</summary>
    /// <param name="Choices">What would help; empty: the person has to set up a factor first, in a browser.</param>
    public sealed record SecondFactorNeeded(User User, IReadOnlyList<ProofKind> Choices, bool CodeWasWrong) : DirectOutcome;

    /// <summary>The password is right and has to be replaced first, in a browser.</summary>
    public sealed record PasswordToReplace(User User) : DirectOutcome;

    public sealed record LockedOut(DateTimeOffset Until) : DirectOutcome;

    public sealed record Busy(int RetryAfterSeconds) : DirectOutcome;

    /// <summary>Unknown name, wrong password, disabled or locked: the caller is not told which.</summary>
    public sealed record Refused : DirectOutcome;
}

/// <summary>Sign-in for callers that have no browser to be led through steps: the compatibility APIs. The same checks, and the same machine decides what is enough.</summary>
public sealed class DirectSignIn(PasswordSignIn passwords, SecondFactorRule rule, IFactorStore factors, AuthenticatorApp app, RecoveryCodes recovery, IAuditTrail audit, TimeProvider clock)
{
    /// <param name="code">Of the authenticator app or one of the recovery codes, where the caller has a way to send one.</param>
    public async Task<DirectOutcome> AttemptAsync(string identifier, string password, string? code, string? address, CancellationToken ct)
    {
        switch (await passwords.AttemptAsync(identifier, password, address, ct))
        {
            case SignInOutcome.Right right: return await DecideAsync(right.User, code, address, ct);
            case SignInOutcome.LockedOut locked: return new DirectOutcome.LockedOut(locked.Until);
            case SignInOutcome.Busy busy: return new DirectOutcome.Busy(busy.RetryAfterSeconds);
            default: return new DirectOutcome.Refused();
        }
    }

    private async Task<DirectOutcome> DecideAsync(User user, string? code, string? address, CancellationToken ct)
    {
        var enrolled = await factors.ReadAsync(user.Id, ct);
        var facts = new SignInFacts
        {
            UserId = user.Id, Proofs = [Proof.Password(clock.GetUtcNow())], Factors = enrolled, MustHaveSecondFactor = await rule.AppliesToAsync(user, ct), MustReplacePassword = user.PasswordResetRequired,
        };
        var step = SignInDecider.Decide(facts);
        var wrong = false;
        if (step is SignInStep.SecondFactor { Choices: var choices } && !string.IsNullOrWhiteSpace(code))
        {
            if (await ProofOfAsync(user, choices, code.Trim(), ct) is { } proof) step = SignInDecider.Decide(facts with { Proofs = [.. facts.Proofs, proof] });
            else wrong = true;
        }

        switch (step)
        {
            case SignInStep.Done done:
                audit.Record(new AuditEvent(AuditKind.SignedIn, Subject: user.Id, Address: address, Detail: string.Join(' ', done.SignIn.Amr)));
                return new DirectOutcome.SignedIn(user, done.SignIn);
            case SignInStep.NewPassword:
                audit.Record(new AuditEvent(AuditKind.SignInStepRefused, Subject: user.Id, Address: address, Detail: "a new password has to be chosen first"));
                return new DirectOutcome.PasswordToReplace(user);
            default:
                audit.Record(new AuditEvent(AuditKind.SignInStepRefused, Subject: user.Id, Address: address, Detail: wrong ? "wrong code" : "second factor needed"));
                return new DirectOutcome.SecondFactorNeeded(user, step is SignInStep.SecondFactor second ? second.Choices : [], wrong);
        }
    }

    /// <summary>Six digits are the app's; everything else can only be a recovery code.</summary>
    private async Task<Proof?> ProofOfAsync(User user, IReadOnlyList<ProofKind> choices, string code, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (code.Length == 6 && code.All(char.IsAsciiDigit))
            return choices.Contains(ProofKind.AuthenticatorCode) && await app.CheckAsync(user.Id, code, ct) == FactorCheck.Right ? Proof.AuthenticatorCode(now) : null;
        return choices.Contains(ProofKind.RecoveryCode) && await recovery.CheckAsync(user.Id, code, ct) == FactorCheck.Right ? Proof.RecoveryCode(now) : null;
    }
}
