using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Tokens;

/// <summary>A grant as its user may see it: nothing in it helps to use it.</summary>
public sealed record GrantSummary
{
    public required string Id { get; init; }
    public required string ClientId { get; init; }
    public string? SessionId { get; init; }
    public required bool BoundToSession { get; init; }
    public required ScopeSet Scopes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Its last refresh; null where there was none.</summary>
    public DateTimeOffset? RefreshedAt { get; init; }

    /// <summary>What the person calls it, where they made one token by hand.</summary>
    public NamedToken? Token { get; init; }

    /// <summary>False where its session has ended, it was revoked or is past its end.</summary>
    public required bool Stands { get; init; }
}

/// <summary>What a person granted. Apart from <see cref="ITokenStore"/>, whose every verb is a machine waiting.</summary>
public interface IGrantList
{
    /// <summary>All that are kept, the newest first, at most a thousand.</summary>
    Task<IReadOnlyList<GrantSummary>> ListAsync(string userId, DateTimeOffset now, CancellationToken ct);

    /// <summary>Every grant of the user falls but those that live and die with <paramref name="sessionId"/>.</summary>
    Task<int> RevokeElsewhereAsync(string userId, string sessionId, DateTimeOffset now, CancellationToken ct);
}
