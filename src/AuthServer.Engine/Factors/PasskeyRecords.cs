using AuthServer.Engine.Accounts;

namespace AuthServer.Engine.Factors;

/// <summary>What the browser is asked, and the handle that the answer has to come with.</summary>
/// <param name="Json">For <c>PublicKeyCredential.parseCreationOptionsFromJSON</c> or <c>parseRequestOptionsFromJSON</c> (Web Authentication Level 3 §5.1).</param>
public sealed record PasskeyOptions(string Ticket, string Json);

/// <summary>A person has shown that they hold one of their passkeys.</summary>
/// <param name="UserVerified">The authenticator asked for a PIN, a finger or a face this time.</param>
/// <param name="DeviceBound">The key cannot leave its device.</param>
public sealed record PasskeyProof(User User, bool UserVerified, bool DeviceBound);

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Id">The credential's id as base64url.</param>
/// <param name="Synced">It may be on other devices of the person too.</param>
public sealed record PasskeySummary(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool Synced);

/// <summary>How adding a passkey ended.</summary>
public enum PasskeyEnrolment
{
    Added,

    /// <summary>The browser's answer was not to our question, came twice, came too late, or names a passkey that is known already.</summary>
    Refused,

    /// <summary>The person has as many as they may have.</summary>
    TooMany,
}

/// <summary>A question put to a browser.</summary>
/// <param name="State">What the passkey handler needs to judge the answer; holds the challenge.</param>
public sealed record PasskeyChallenge(string State);
