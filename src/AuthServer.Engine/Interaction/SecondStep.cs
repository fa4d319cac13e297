using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Factors;
using AuthServer.Engine.SignIn;
using Microsoft.AspNetCore.Http;

namespace AuthServer.Engine.Interaction;

/// <summary>How a further step of a sign-in ended.</summary>
public abstract record StepOutcome
{
    private StepOutcome() { }

    /// <summary>It was right; the browser goes on to this local URL.</summary>
    public sealed record GoOn(string Url) : StepOutcome;

    public sealed record Wrong : StepOutcome;

    /// <summary>Too many wrong codes for this account: nothing was looked at.</summary>
    public sealed record TooMany : StepOutcome;

    /// <summary>The sign-in is too old, or was finished in another tab.</summary>
    public sealed record Over : StepOutcome;
}

/// <summary>The proofs beside the first one. A page hands in what the person typed; whether it is right is found out here, so no page can claim a proof.</summary>
public sealed class SecondStep(SignInFlow flow, AuthenticatorApp app, RecoveryCodes recovery, EmailCodes mail, Passkeys passkeys, IAuditTrail audit, TimeProvider clock)
{
    /// <param name="kind">Refused where it is none of the choices of this sign-in.</param>
    /// <param name="trustDevice">Ask for no second factor on this device for a while.</param>
    public async Task<StepOutcome> CodeAsync(HttpContext http, WaitingSignIn waiting, ProofKind kind, string code, bool trustDevice, CancellationToken ct)
    {
        if (waiting.Step is not SignInStep.SecondFactor { Choices: var choices } || !choices.Contains(kind)) return new StepOutcome.Over();
        var now = clock.GetUtcNow();
        var (check, proof) = kind switch
        {
            ProofKind.AuthenticatorCode => (await app.CheckAsync(waiting.User.Id, code, ct), Proof.AuthenticatorCode(now)),
            ProofKind.RecoveryCode => (await recovery.CheckAsync(waiting.User.Id, code, ct), Proof.RecoveryCode(now)),
            ProofKind.EmailCode => (await mail.CheckAsync(waiting.User.Id, code, ct), Proof.EmailCode(now)),
            _ => (FactorCheck.Wrong, Proof.EmailCode(now)),
        };
        if (check == FactorCheck.Right) return await GoOnAsync(http, waiting, proof, trustDevice, ct);

        Refused(http, waiting.User, $"{kind}: {check}");
        return check == FactorCheck.TooMany ? new StepOutcome.TooMany() : new StepOutcome.Wrong();
    }

    public async Task<StepOutcome> PasskeyAsync(HttpContext http, WaitingSignIn waiting, string ticket, string credential, bool trustDevice, CancellationToken ct)
    {
        if (waiting.Step is not SignInStep.SecondFactor { Choices: var choices } || !choices.Contains(ProofKind.Passkey)) return new StepOutcome.Over();
        if (await passkeys.TryAssertAsync(ticket, credential, waiting.User.Id, http, ct) is { } proof)
            return await GoOnAsync(http, waiting, Proof.Passkey(clock.GetUtcNow(), proof.UserVerified, proof.DeviceBound), trustDevice, ct);

        Refused(http, waiting.User, "passkey");
        return new StepOutcome.Wrong();
    }

    /// <summary>A sign-in by passkey alone: the authenticator says who it is.</summary>
    public async Task<StepOutcome> SignInWithPasskeyAsync(HttpContext http, string ticket, string credential, SignInTarget target, bool persistent, CancellationToken ct)
    {
        if (await passkeys.TryAssertAsync(ticket, credential, expectedUserId: null, http, ct) is { UserVerified: true } proof)
            return new StepOutcome.GoOn(await flow.BeginAsync(http, proof.User, Proof.Passkey(clock.GetUtcNow(), proof.UserVerified, proof.DeviceBound), target, persistent, ct));

        Refused(http, null, "passkey");
        return new StepOutcome.Wrong();
    }

    /// <summary>A factor is required and there was none: the one just set up is its own first proof.</summary>
    public async Task<StepOutcome> EnrolAppAsync(HttpContext http, WaitingSignIn waiting, string setup, string code, CancellationToken ct)
    {
        if (waiting.Step is not SignInStep.Enrol) return new StepOutcome.Over();
        return await app.TryConfirmAsync(waiting.User, setup, code, ct)
            ? await GoOnAsync(http, waiting, Proof.AuthenticatorCode(clock.GetUtcNow()), trustDevice: false, ct)
            : new StepOutcome.Wrong();
    }

    /// <summary>As <see cref="EnrolAppAsync"/>. Making a passkey shows that the person holds it; who they are, the first proof says.</summary>
    public async Task<StepOutcome> EnrolPasskeyAsync(HttpContext http, WaitingSignIn waiting, string ticket, string credential, CancellationToken ct)
    {
        if (waiting.Step is not SignInStep.Enrol) return new StepOutcome.Over();
        return await passkeys.TryRegisterAsync(waiting.User, ticket, credential, name: null, http, ct) == PasskeyEnrolment.Added
            ? await GoOnAsync(http, waiting, Proof.Passkey(clock.GetUtcNow(), userVerified: false, deviceBound: false), trustDevice: false, ct)
            : new StepOutcome.Wrong();
    }

    private async Task<StepOutcome> GoOnAsync(HttpContext http, WaitingSignIn waiting, Proof proof, bool trustDevice, CancellationToken ct) =>
        await flow.AddAsync(http, waiting, proof, trustDevice, ct) is { } url ? new StepOutcome.GoOn(url) : new StepOutcome.Over();

    private void Refused(HttpContext http, User? user, string reason) =>
        audit.Record(new AuditEvent(AuditKind.SignInStepRefused, Subject: user?.Id, Address: http.Connection.RemoteIpAddress?.ToString(), Detail: reason));
}
