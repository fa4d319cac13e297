namespace AuthServer.Scim;

/// <summary>SCIM 2.0: other systems create, change and remove people and groups here.</summary>
public sealed class ScimOptions
{
    public const string Section = "Scim";

    /// <summary>Whether <c>/scim/v2</c> is there. Default true; without a client that was given the scopes nobody can use it.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>An e-mail address that a provisioning system says counts as verified: people sign in and get new passwords by it. Only where that system has made sure itself. Default false.</summary>
    public bool EmailsAreVerified { get; init; }
}
