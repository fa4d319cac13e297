namespace AuthServer.Engine.Accounts;

/// <summary>Knows passwords that were stolen elsewhere and are tried everywhere since (NIST SP 800-63B §3.1.1.2, ASVS 6.2.12).</summary>
public interface IBreachedPasswords
{
    /// <summary>False also where it could not be asked: a service that is away keeps nobody from changing a password.</summary>
    Task<bool> ContainsAsync(string password, CancellationToken ct);
}
