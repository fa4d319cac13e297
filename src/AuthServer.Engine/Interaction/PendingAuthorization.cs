namespace AuthServer.Engine.Interaction;

/// <summary>An authorization request that waits for a person. Pages carry its handle, never a URL to come back to.</summary>
public sealed record PendingAuthorization
{
    /// <summary>SHA-256 of the handle in the page's address.</summary>
    public required byte[] Hash { get; init; }
    public required string ClientId { get; init; }

    /// <summary>The request as it came (after a pushed request was opened), to be checked again when it goes on.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>When the request began: a sign-in after this moment satisfies <c>prompt=login</c> and <c>max_age</c>.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What was proved so far, and by which session.</summary>
    public PendingProofs Proofs { get; init; } = new();
}

/// <summary>The steps a person has done for one request. Each counts only for the session that did it.</summary>
public sealed record PendingProofs
{
    public string? SessionId { get; init; }

    /// <summary>The person consented to these scopes (space-separated) for this request; null: not asked yet.</summary>
    public string? ConsentedScopes { get; init; }

    /// <summary>The person said no.</summary>
    public bool Denied { get; init; }

    /// <summary>The person chose an account (or went on with the one shown).</summary>
    public bool AccountSelected { get; init; }
}

/// <summary>Database verbs of waiting requests and of pushed ones (RFC 9126).</summary>
public interface IPendingAuthorizationStore
{
    Task AddAsync(PendingAuthorization pending, CancellationToken ct);

    /// <summary>Null where it is unknown, finished or expired.</summary>
    Task<PendingAuthorization?> FindAsync(byte[] hash, CancellationToken ct);

    Task SaveProofsAsync(byte[] hash, PendingProofs proofs, CancellationToken ct);

    /// <summary>True for exactly one caller: the request is answered and gone.</summary>
    Task<bool> TryFinishAsync(byte[] hash, CancellationToken ct);

    Task AddPushedAsync(PushedRequest pushed, CancellationToken ct);

    /// <summary>Null where it is unknown, used or expired.</summary>
    Task<PushedRequest?> FindPushedAsync(byte[] hash, CancellationToken ct);

    /// <summary>True for exactly one caller: this request_uri was used to complete an authorization (RFC 9126 §4).</summary>
    Task<bool> TryFinishPushedAsync(byte[] hash, CancellationToken ct);
}

/// <summary>A pushed authorization request (RFC 9126 §2).</summary>
public sealed record PushedRequest
{
    public required byte[] Hash { get; init; }
    public required string ClientId { get; init; }
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }
    public required IReadOnlyList<string> Resources { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}
