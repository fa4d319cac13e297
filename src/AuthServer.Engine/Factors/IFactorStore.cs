namespace AuthServer.Engine.Factors;

/// <summary>A person's authenticator app. The secret is wrapped.</summary>
public sealed record StoredAuthenticator(byte[] Secret, long LastStep, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>When a passkey was used last.</summary>
public sealed record PasskeyUse(byte[] CredentialId, DateTimeOffset LastUsedAt);

/// <summary>Database verbs of second factors. What may happen once is one conditional statement, so one of many parallel callers is told yes.</summary>
public interface IFactorStore
{
    /// <summary>In one command.</summary>
    Task<EnrolledFactors> ReadAsync(string userId, CancellationToken ct);

    Task<StoredAuthenticator?> FindAuthenticatorAsync(string userId, CancellationToken ct);

    /// <summary>Takes the place of an older one.</summary>
    Task PutAuthenticatorAsync(string userId, byte[] secret, long lastStep, DateTimeOffset now, CancellationToken ct);

    /// <summary>Spends the code of a time step, and of all before it.</summary>
    Task<bool> TryUseStepAsync(string userId, long step, DateTimeOffset now, CancellationToken ct);

    /// <summary>If nothing strong is left, the recovery codes and the trust in devices go with it.</summary>
    Task<bool> TryRemoveAuthenticatorAsync(string userId, CancellationToken ct);

    /// <summary>All older ones are worth nothing from here on.</summary>
    Task ReplaceRecoveryCodesAsync(string userId, byte[] salt, IReadOnlyList<byte[]> hashes, DateTimeOffset now, CancellationToken ct);

    /// <summary>The salt of the set; null where the person has none.</summary>
    Task<byte[]?> FindRecoverySaltAsync(string userId, CancellationToken ct);

    Task<bool> TryUseRecoveryCodeAsync(string userId, byte[] hash, DateTimeOffset now, CancellationToken ct);

    /// <summary>False where it is so already, or the address is not confirmed.</summary>
    Task<bool> TrySetEmailCodesAsync(string userId, bool on, CancellationToken ct);

    /// <summary>Takes the place of an older one.</summary>
    Task PutEmailCodeAsync(string userId, string codeHash, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken ct);

    /// <summary>Counts a try at the open code and answers its hash; null where there is none or its tries are spent.</summary>
    /// <param name="most">Tries a code is good for, one digit.</param>
    Task<string?> TrySpendEmailTryAsync(string userId, int most, DateTimeOffset now, CancellationToken ct);

    Task<bool> TryTakeEmailCodeAsync(string userId, string codeHash, DateTimeOffset now, CancellationToken ct);

    Task<IReadOnlyList<PasskeyUse>> ListPasskeyUsesAsync(string userId, CancellationToken ct);

    Task NotePasskeyUseAsync(string userId, byte[] credentialId, DateTimeOffset now, CancellationToken ct);

    /// <summary>Cleans up behind a passkey that was removed; see <see cref="TryRemoveAuthenticatorAsync"/>.</summary>
    Task ForgetPasskeyAsync(string userId, byte[] credentialId, CancellationToken ct);
}
