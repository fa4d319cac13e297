using AuthServer.Engine.Tickets;

namespace AuthServer.Engine.SignIn;

/// <summary>A sign-in that is under way in one browser: who it is about and what was proved so far. Kept in the database; the browser holds a handle.</summary>
public sealed record SignInAttempt
{
    /// <summary>Long enough to fetch a phone or a mail.</summary>
    public static readonly TicketKind<SignInAttempt> Kind = new("sign-in", TimeSpan.FromMinutes(10));

    public required string UserId { get; init; }

    /// <summary>The account's security stamp when the attempt began: a password changed meanwhile ends it.</summary>
    public required string Stamp { get; init; }

    public required IReadOnlyList<Proof> Proofs { get; init; }

    /// <summary>Where the person wanted to go.</summary>
    public required SignInTarget Target { get; init; }

    /// <summary>The person asked not to be asked for a second factor on this device for a while.</summary>
    public bool TrustDevice { get; init; }

    /// <summary>The person asked to stay signed in on this device.</summary>
    public bool Persistent { get; init; }
}
