namespace AuthServer.Engine.SignIn;

/// <summary>What a sign-in needs next. The set is closed: pages, grants and dialects all follow the one decision.</summary>
public abstract record SignInStep
{
    private SignInStep() { }

    /// <summary>Nothing says yet who the person is.</summary>
    public sealed record FirstFactor : SignInStep;

    /// <summary>One more proof, by one of these.</summary>
    public sealed record SecondFactor(IReadOnlyList<ProofKind> Choices) : SignInStep;

    /// <summary>A second factor is needed and the person has none that would do: one has to be set up first.</summary>
    public sealed record Enrol : SignInStep;

    /// <summary>Everything is proved, by a password that has to be replaced first.</summary>
    public sealed record NewPassword : SignInStep;

    /// <summary>Everything that is required was proved.</summary>
    public sealed record Done(CompletedSignIn SignIn) : SignInStep;
}

/// <summary>A sign-in for which every required proof was given. Only <see cref="SignInDecider"/> makes one, and only from one a session is made.</summary>
public sealed record CompletedSignIn
{
    internal CompletedSignIn(string userId, IReadOnlyList<string> amr, string acr) => (UserId, Amr, Acr) = (userId, amr, acr);

    public string UserId { get; }

    /// <summary>RFC 8176 values.</summary>
    public IReadOnlyList<string> Amr { get; }

    public string Acr { get; }
}
