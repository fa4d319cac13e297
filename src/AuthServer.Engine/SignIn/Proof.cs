using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.SignIn;

public enum ProofKind
{
    /// <summary>A sign-in that stands: what was proved then holds for a step-up.</summary>
    Session,
    Password,
    Upstream,
    Passkey,
    AuthenticatorCode,
    RecoveryCode,
    EmailCode,
}

/// <summary>One thing a person has proved to this server, and when.</summary>
public sealed record Proof(ProofKind Kind, DateTimeOffset At)
{
    /// <summary>RFC 8176 values.</summary>
    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>The context class this proof reaches by itself. Null: it is only ever a second step.</summary>
    public string? Acr { get; init; }

    public static Proof Password(DateTimeOffset at) => new(ProofKind.Password, at) { Amr = [AuthenticationMethods.Password], Acr = AuthenticationContexts.SingleFactor };

    /// <summary>Another provider vouches for the person; RFC 8176 has no word for it.</summary>
    /// <param name="multiFactor">That provider says so, and the operator believes it.</param>
    public static Proof Upstream(DateTimeOffset at, bool multiFactor) => new(ProofKind.Upstream, at) { Acr = multiFactor ? AuthenticationContexts.MultiFactor : AuthenticationContexts.SingleFactor };

    /// <param name="userVerified">The authenticator asked for a PIN, a finger or a face: two factors in one. Without it the device alone was proved.</param>
    /// <param name="deviceBound">The key cannot leave its device.</param>
    public static Proof Passkey(DateTimeOffset at, bool userVerified, bool deviceBound) => new(ProofKind.Passkey, at)
    {
        Amr = [deviceBound ? AuthenticationMethods.HardwareKey : AuthenticationMethods.SoftwareKey, AuthenticationMethods.UserPresence],
        Acr = userVerified ? AuthenticationContexts.MultiFactor : null,
    };

    public static Proof AuthenticatorCode(DateTimeOffset at) => new(ProofKind.AuthenticatorCode, at) { Amr = [AuthenticationMethods.OneTimePassword] };

    public static Proof RecoveryCode(DateTimeOffset at) => new(ProofKind.RecoveryCode, at) { Amr = [AuthenticationMethods.OneTimePassword] };

    public static Proof EmailCode(DateTimeOffset at) => new(ProofKind.EmailCode, at) { Amr = [AuthenticationMethods.OneTimePassword] };

    public static Proof StandingSession(DateTimeOffset authTime, IReadOnlyList<string> amr, string acr) => new(ProofKind.Session, authTime) { Amr = amr, Acr = acr };

    /// <summary>The context class that these reach together; null where nothing says who the person is.</summary>
    public static string? AcrOf(IReadOnlyList<Proof> proofs)
    {
        var alone = proofs.Select(static p => p.Acr).MaxBy(AuthenticationContexts.RankOf);
        if (alone is null) return null;
        if (proofs.Any(static p => p.Kind is ProofKind.Passkey or ProofKind.AuthenticatorCode or ProofKind.RecoveryCode)) return AuthenticationContexts.MultiFactor;
        return proofs.Any(static p => p.Kind == ProofKind.EmailCode) && AuthenticationContexts.Satisfies(AuthenticationContexts.TwoStep, alone) ? AuthenticationContexts.TwoStep : alone;
    }

    /// <summary>The methods used, and <c>mfa</c> where they make it up.</summary>
    public static IReadOnlyList<string> AmrOf(IReadOnlyList<Proof> proofs)
    {
        var amr = proofs.SelectMany(static p => p.Amr).Distinct(StringComparer.Ordinal).ToList();
        if (AcrOf(proofs) == AuthenticationContexts.MultiFactor && !amr.Contains(AuthenticationMethods.MultiFactor, StringComparer.Ordinal)) amr.Add(AuthenticationMethods.MultiFactor);
        return amr;
    }
}
