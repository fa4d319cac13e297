using Microsoft.AspNetCore.Identity;

namespace AuthServer.Engine.Accounts;

/// <summary>A person. The id is a version 4 Guid in its 36-character lower-case form; it is the public <c>sub</c>.</summary>
public sealed class User : IdentityUser
{
    public User() => SecurityStamp = Guid.NewGuid().ToString("N");

    /// <summary>Switched off by an administrator: refused everywhere at once.</summary>
    public bool Disabled { get; set; }

    /// <summary>The standard claims that are not columns, as one JSON object by their wire names (OpenID Connect Core §5.1).</summary>
    public string Profile { get; set; } = "{}";

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When a claim of this person last changed: <c>updated_at</c>.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The person wants codes by mail as a second step, weaker than an app or a passkey.</summary>
    public bool EmailCodeEnabled { get; set; }

    /// <summary>Null: never since the account was made.</summary>
    public DateTimeOffset? PasswordChangedAt { get; set; }

    /// <summary>May administer this server: has every right.</summary>
    public bool IsAdministrator { get; set; }

    /// <summary>A positive 32-bit number beside the id, for apps that know people by number; given when the account is made, never changed, never given twice.</summary>
    public int Number { get; set; }

    public string? OrganizationId { get; set; }

    /// <summary>What the system that provisions this person calls them.</summary>
    public string? ExternalId { get; set; }

    /// <summary>The next sign-in by password ends with choosing a new one.</summary>
    public bool PasswordResetRequired { get; set; }
}
