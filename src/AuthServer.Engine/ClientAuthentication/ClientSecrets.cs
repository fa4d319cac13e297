using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Clients;

namespace AuthServer.Engine.ClientAuthentication;

/// <summary>
/// Compares presented secrets. Slow hashes (of secrets that somebody chose) are computed one core at a time, and their last success is remembered as a
/// keyed hash in memory, so a service that fetches a token every second pays for it once.
/// </summary>
public sealed class ClientSecrets(TimeProvider clock) : IDisposable
{
    private readonly byte[] _memoryKey = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, byte[]> _lastSuccess = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _hashing = new(1, 1);

    public async ValueTask<bool> MatchAsync(Client client, string presented, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        foreach (var secret in client.Secrets)
        {
            if (secret.ExpiresAt <= now) continue;
            if (secret.IsSlow ? await MatchSlowAsync(secret, presented, ct) : secret.Matches(presented)) return true;
        }

        return false;
    }

    private async ValueTask<bool> MatchSlowAsync(ClientSecret secret, string presented, CancellationToken ct)
    {
        var keyed = HMACSHA256.HashData(_memoryKey, Encoding.UTF8.GetBytes(presented));
        if (_lastSuccess.TryGetValue(secret.Hash, out var last) && CryptographicOperations.FixedTimeEquals(last, keyed)) return true;

        await _hashing.WaitAsync(ct);
        try
        {
            if (!await Task.Run(() => secret.Matches(presented), ct)) return false;
            // One entry per stored hash, so as many as there are clients with chosen secrets.
            _lastSuccess[secret.Hash] = keyed;
            return true;
        }
        finally
        {
            _hashing.Release();
        }
    }

    public void Dispose() => _hashing.Dispose();
}
