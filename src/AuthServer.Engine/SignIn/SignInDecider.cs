using AuthServer.Engine.Factors;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.SignIn;

/// <summary>Everything that decides how much a person has to prove.</summary>
public sealed record SignInFacts
{
    public required string UserId { get; init; }

    /// <summary>What was proved so far, in this attempt or by the session it steps up.</summary>
    public required IReadOnlyList<Proof> Proofs { get; init; }

    public required EnrolledFactors Factors { get; init; }

    /// <summary>The deployment asks a second factor of this person, set up or not.</summary>
    public bool MustHaveSecondFactor { get; init; }

    /// <summary>The password is not the person's to keep: an administrator gave it, or asked for another.</summary>
    public bool MustReplacePassword { get; init; }

    /// <summary>The person let this device be remembered, and its time is not over.</summary>
    public bool DeviceTrusted { get; init; }

    /// <summary>Context classes of which the client needs one; empty: any will do.</summary>
    public IReadOnlyList<string> WantedAcr { get; init; } = [];
}

/// <summary>The one place that knows which proofs make a sign-in. Pure: same facts, same answer.</summary>
public static class SignInDecider
{
    private static readonly ProofKind[] SecondFactors = [ProofKind.AuthenticatorCode, ProofKind.Passkey, ProofKind.EmailCode, ProofKind.RecoveryCode];

    public static SignInStep Decide(SignInFacts facts)
    {
        if (Proof.AcrOf(facts.Proofs) is not { } reached) return new SignInStep.FirstFactor();
        if (IsWanted(facts, reached) && !OwnRuleIsBroken(facts, reached))
        {
            // Last, so that nobody replaces a password who holds no more than it.
            return facts.MustReplacePassword && facts.Proofs.Any(static p => p.Kind == ProofKind.Password)
                ? new SignInStep.NewPassword()
                : new SignInStep.Done(new CompletedSignIn(facts.UserId, Proof.AmrOf(facts.Proofs), reached));
        }

        var choices = SecondFactors.Where(kind => Has(facts.Factors, kind) && Helps(facts, kind)).ToList();
        return choices.Count > 0 ? new SignInStep.SecondFactor(choices) : new SignInStep.Enrol();
    }

    private static bool IsWanted(SignInFacts facts, string reached) => facts.WantedAcr.Count == 0 || facts.WantedAcr.Any(wanted => AuthenticationContexts.Satisfies(reached, wanted));

    /// <summary>
    /// Whoever has a second factor, or must have one, is asked for it, but on a device they let be remembered. A session that stands went through this when it began:
    /// its step-up is the client's wish alone.
    /// </summary>
    private static bool OwnRuleIsBroken(SignInFacts facts, string reached) =>
        reached == AuthenticationContexts.SingleFactor && !facts.DeviceTrusted && (facts.Factors.Any || facts.MustHaveSecondFactor) && facts.Proofs.All(static p => p.Kind != ProofKind.Session);

    private static bool Has(EnrolledFactors factors, ProofKind kind) => kind switch
    {
        ProofKind.AuthenticatorCode => factors.Authenticator,
        ProofKind.Passkey => factors.Passkeys > 0,
        ProofKind.EmailCode => factors.EmailCode,
        // They stand in for a factor that was lost; by themselves they are none.
        ProofKind.RecoveryCode => factors.AnyStrong && factors.RecoveryCodesLeft > 0,
        _ => false,
    };

    private static bool Helps(SignInFacts facts, ProofKind kind)
    {
        var then = Proof.AcrOf([.. facts.Proofs, new Proof(kind, default)])!;
        return IsWanted(facts, then) && !OwnRuleIsBroken(facts, then);
    }
}
