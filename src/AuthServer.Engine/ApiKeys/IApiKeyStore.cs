using AuthServer.Engine.Tokens;

namespace AuthServer.Engine.ApiKeys;

/// <summary>Which keys; what is null does not matter.</summary>
/// <param name="Active">True: those that can be used; false: those that cannot any more.</param>
public sealed record ApiKeyFilter(ApiKeyOwner? Owner = null, ApiKeyKind? Kind = null, bool? Active = null);

/// <summary>Database verbs of API keys.</summary>
public interface IApiKeyStore
{
    /// <summary>Stores the key with its grant, in one transaction.</summary>
    Task AddAsync(ApiKey key, byte[] hash, Grant grant, CancellationToken ct);

    /// <summary>The way of every request with a key: one command.</summary>
    Task<StandingApiKey?> FindAsync(byte[] hash, CancellationToken ct);

    Task<ListedApiKey?> FindAsync(string id, CancellationToken ct);

    /// <summary>The newest first.</summary>
    /// <param name="after">Created at and id of the last one shown.</param>
    Task<IReadOnlyList<ListedApiKey>> ListAsync(ApiKeyFilter filter, (DateTimeOffset CreatedAt, string Id)? after, int most, DateTimeOffset now, CancellationToken ct);

    /// <summary>How many keys of the owner can be used.</summary>
    Task<int> CountActiveAsync(ApiKeyOwner owner, DateTimeOffset now, CancellationToken ct);

    /// <summary>Writes what can be changed where the stored version is that of <paramref name="key"/>, and brings its grant into step; the version is one more afterwards. False where it is another one by now, or the key was revoked.</summary>
    Task<bool> TryUpdateAsync(ApiKey key, CancellationToken ct);

    /// <summary>The key and everything got for it. False where it was revoked before.</summary>
    Task<bool> TryRevokeAsync(string id, DateTimeOffset now, CancellationToken ct);

    /// <summary>Notes uses, all in one command.</summary>
    Task NoteUsesAsync(IReadOnlyDictionary<string, ApiKeyUse> uses, CancellationToken ct);
}

/// <param name="Address">Null where it is not known.</param>
public sealed record ApiKeyUse(DateTimeOffset At, string? Address);
