using System.Text.Json;
using AuthServer.Engine.Accounts;

namespace AuthServer.Engine.Administration;

/// <summary>A person as the administration sees them: nothing in it is a secret.</summary>
public sealed record Person
{
    public required string Id { get; init; }

    /// <summary>Positive, 32 bits; stays for ever.</summary>
    public required int Number { get; init; }
    public required string UserName { get; init; }
    public string? Email { get; init; }
    public bool EmailVerified { get; init; }
    public string? PhoneNumber { get; init; }
    public bool PhoneNumberVerified { get; init; }

    /// <summary>The other standard claims (OpenID Connect Core §5.1) as a JSON object.</summary>
    public required string Claims { get; init; }
    public bool Disabled { get; init; }

    /// <summary>Cannot sign in until then; null: not locked.</summary>
    public DateTimeOffset? LockedUntil { get; init; }
    public bool IsAdministrator { get; init; }

    /// <summary>The next sign-in by password ends with choosing a new one.</summary>
    public bool PasswordResetRequired { get; init; }

    /// <summary>False: signs in by a passkey or by another provider, or not at all.</summary>
    public bool HasPassword { get; init; }
    public DateTimeOffset? PasswordChangedAt { get; init; }
    public string? OrganizationId { get; init; }
    public string? ExternalId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When one of their browsers signed in last; null: never, or too long ago.</summary>
    public DateTimeOffset? LastSignedInAt { get; init; }

    /// <summary>Changes with every write.</summary>
    public required string Version { get; init; }

    /// <summary>What a list calls them: the full name, or else the user name.</summary>
    public string DisplayName
    {
        get
        {
            using var claims = JsonDocument.Parse(Claims);
            return claims.RootElement.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : UserName;
        }
    }

    public static Person Of(User user, DateTimeOffset? lastSignedInAt = null) => new()
    {
        Id = user.Id, Number = user.Number, UserName = user.UserName!, Email = user.Email, EmailVerified = user.EmailConfirmed, PhoneNumber = user.PhoneNumber, PhoneNumberVerified = user.PhoneNumberConfirmed,
        Claims = user.Profile, Disabled = user.Disabled, LockedUntil = user.LockoutEnd, IsAdministrator = user.IsAdministrator, PasswordResetRequired = user.PasswordResetRequired,
        HasPassword = user.PasswordHash is not null, PasswordChangedAt = user.PasswordChangedAt, OrganizationId = user.OrganizationId, ExternalId = user.ExternalId,
        CreatedAt = user.CreatedAt, UpdatedAt = user.UpdatedAt, LastSignedInAt = lastSignedInAt, Version = user.ConcurrencyStamp ?? "",
    };
}

/// <summary>A person as they are to be. What is null stays as it is; an empty text takes away.</summary>
public sealed record PersonForm
{
    /// <summary>A version 4 Guid; only when the person is created.</summary>
    public string? Id { get; init; }

    /// <summary>Only when the person is created; null: the next free one.</summary>
    public int? Number { get; init; }
    public string? UserName { get; init; }
    public string? Email { get; init; }
    public bool? EmailVerified { get; init; }
    public string? PhoneNumber { get; init; }
    public bool? PhoneNumberVerified { get; init; }

    /// <summary>The other standard claims, as a merge patch (RFC 7396): what is left out stays, null takes away.</summary>
    public JsonElement? Claims { get; init; }

    /// <summary>Only when the person is created; later it is <see cref="PersonAccess.SetPasswordAsync"/>.</summary>
    public string? Password { get; init; }
    public bool? PasswordResetRequired { get; init; }
    public bool? Disabled { get; init; }

    /// <summary>Only when the person is created; later it is <see cref="PersonAccess.SetAdministratorAsync"/>.</summary>
    public bool Administrator { get; init; }

    /// <summary>Needs the right to change the directory too.</summary>
    public string? OrganizationId { get; init; }
    public string? ExternalId { get; init; }
}

/// <summary>Which people; what is null does not matter.</summary>
public sealed record PeopleFilter
{
    /// <summary>Beginnings of words of the user name, e-mail address, names or external id. People found so come with the best match first.</summary>
    public string? Search { get; init; }
    public bool? Disabled { get; init; }
    public bool? Administrator { get; init; }
    public string? OrganizationId { get; init; }

    /// <summary>Members of this group.</summary>
    public string? GroupId { get; init; }

    /// <summary>Who has this role directly, not by a group.</summary>
    public string? RoleId { get; init; }

    /// <summary>Exactly, whatever the case.</summary>
    public string? UserName { get; init; }

    /// <summary>Exactly, whatever the case, verified or not.</summary>
    public string? Email { get; init; }
    public string? ExternalId { get; init; }
}

/// <summary>By what a list of people is sorted.</summary>
public enum PeopleOrder
{
    UserName,
    CreatedAt,
    Number,

    /// <summary>The word that was found, the shortest first: only for a search.</summary>
    Match,

    /// <summary>By id, along the members of a group or the holders of a role: only where one of them is asked for. By name, the next twenty of a few among a million would have to be looked for.</summary>
    Member,
}
