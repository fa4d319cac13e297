using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Interaction;

/// <summary>What an authorization request needs next. The set is closed: pages, grants and dialects all follow this one decision.</summary>
public abstract record NextStep
{
    private NextStep() { }

    /// <summary>The person has to prove who they are.</summary>
    public sealed record Login : NextStep;

    /// <summary>The person is signed in, but not as surely as the client wants (RFC 9470).</summary>
    public sealed record StepUp : NextStep;

    /// <summary>The client asked for the sign-up page (<c>prompt=create</c>).</summary>
    public sealed record Register : NextStep;

    public sealed record SelectAccount : NextStep;

    public sealed record AskConsent : NextStep;

    /// <summary>Nothing is missing.</summary>
    public sealed record Issue : NextStep;

    public sealed record Refuse(OAuthError Error) : NextStep;
}
