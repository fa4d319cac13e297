using AuthServer.Engine.ApiKeys;

namespace AuthServer.Engine.Administration;

/// <summary>An API key to make, or what to change of one: what is null stays as it is, or gets the default.</summary>
public sealed record ApiKeyForm
{
    /// <summary>Only when the key is made; null: a person's is personal, every other a machine's.</summary>
    public ApiKeyKind? Kind { get; init; }

    /// <summary>Only when the key is made: one of the three.</summary>
    public string? UserId { get; init; }
    public string? ClientId { get; init; }
    public string? OrganizationId { get; init; }

    public string? Name { get; init; }
    public IReadOnlyList<string>? Scopes { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Empty: from everywhere.</summary>
    public IReadOnlyList<string>? AllowedAddresses { get; init; }

    /// <summary>0 takes the key's own limit away.</summary>
    public int? RatePerHour { get; init; }
}

/// <summary>A key that was just made.</summary>
/// <param name="Key">The key itself, this once.</param>
public sealed record ApiKeyCreated(ListedApiKey Listed, string Key)
{
    /// <summary>Never the key.</summary>
    public override string ToString() => Listed.Key.Id;
}
