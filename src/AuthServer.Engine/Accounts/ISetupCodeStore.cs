namespace AuthServer.Engine.Accounts;

/// <summary>The one-time link by which the first administrator is made.</summary>
public interface ISetupCodeStore
{
    Task AddAsync(byte[] hash, DateTimeOffset expiresAt, CancellationToken ct);

    /// <summary>True for exactly one caller.</summary>
    Task<bool> TryUseAsync(byte[] hash, DateTimeOffset now, CancellationToken ct);

    Task<bool> IsOpenAsync(byte[] hash, DateTimeOffset now, CancellationToken ct);

    Task<bool> AnyAdministratorAsync(CancellationToken ct);
}
