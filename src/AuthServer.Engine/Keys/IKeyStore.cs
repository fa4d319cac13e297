namespace AuthServer.Engine.Keys;

/// <summary>A signing key's row. Announced: in the JWKS, not used yet. Active: signs. Retired: verifies only, still published.</summary>
public sealed record StoredKey
{
    /// <summary>The RFC 7638 thumbprint.</summary>
    public required string Kid { get; init; }

    /// <summary><c>RSA</c> or <c>EC</c>.</summary>
    public required string Kty { get; init; }

    /// <summary>PKCS#8 wrapped by the key-encryption key.</summary>
    public required byte[] Wrapped { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From here on it signs.</summary>
    public required DateTimeOffset ActiveFrom { get; init; }

    /// <summary>From here on it only verifies.</summary>
    public required DateTimeOffset RetiredFrom { get; init; }

    /// <summary>From here on it is gone from the JWKS and may be deleted.</summary>
    public required DateTimeOffset RemovedFrom { get; init; }
}

public interface IKeyStore
{
    Task<IReadOnlyList<StoredKey>> ReadAsync(CancellationToken ct);

    /// <summary>False where another node added a key for the same <paramref name="slot"/> first: two nodes starting at once agree on one key.</summary>
    /// <param name="slot">Unique name of the rotation step, e.g. <c>EC/3</c>.</param>
    Task<bool> TryAddAsync(StoredKey key, string slot, CancellationToken ct);

    Task SetScheduleAsync(string kid, DateTimeOffset activeFrom, DateTimeOffset retiredFrom, DateTimeOffset removedFrom, CancellationToken ct);

    Task<int> DeleteRemovedAsync(DateTimeOffset now, CancellationToken ct);

    /// <summary>Grows with each change, by any node.</summary>
    Task<long> ReadVersionAsync(CancellationToken ct);
}
