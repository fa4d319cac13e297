using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Interaction;

/// <summary>Remembered consent, one row per user and client.</summary>
public sealed record Consent(string UserId, string ClientId, ScopeSet Scopes, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

public interface IConsentStore
{
    Task<Consent?> FindAsync(string userId, string clientId, CancellationToken ct);

    /// <summary>Adds to what was consented before (an upsert that never forgets a scope given in parallel is not needed: the last answer wins).</summary>
    Task SaveAsync(string userId, string clientId, ScopeSet scopes, DateTimeOffset now, CancellationToken ct);

    Task<IReadOnlyList<Consent>> ListAsync(string userId, CancellationToken ct);

    /// <summary>The user takes it back: forgets the consent and revokes every grant of this user to this client, in one transaction.</summary>
    Task<bool> TryRevokeAsync(string userId, string clientId, DateTimeOffset now, CancellationToken ct);
}
