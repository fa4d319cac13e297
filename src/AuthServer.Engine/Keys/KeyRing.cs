using System.Buffers;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Engine.Jose;

namespace AuthServer.Engine.Keys;

/// <summary>This server's keys as one immutable picture in memory: live key objects that are never made per request, and the JWKS as bytes.</summary>
public sealed class KeyRing(IKeyStore store, KeyEncryption encryption, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _reloading = new(1, 1);
    private volatile Snapshot _current = new([], JsonWebKeySet.Empty, [], [], -1);

    private sealed record Snapshot(SigningKey[] Keys, JsonWebKeySet Public, byte[] Jwks, byte[] PairwiseSecret, long Version);

    /// <summary>The JWK set (RFC 7517 §5) as served: announced, active and retired keys.</summary>
    public ReadOnlyMemory<byte> Jwks => _current.Jwks;

    /// <summary>For verifying what this server signed, retired keys included.</summary>
    public JsonWebKeySet PublicKeys => _current.Public;

    public byte[] PairwiseSecret => _current.PairwiseSecret;

    public IReadOnlyList<SigningKey> All => _current.Keys;

    /// <summary>The active key for the algorithm.</summary>
    /// <exception cref="InvalidOperationException">There is none: the ring was never loaded, or the algorithm is not in <see cref="Protocol.SigningAlgorithms"/>.</exception>
    public SigningCredential SigningCredential(string algorithm)
    {
        var now = clock.GetUtcNow();
        SigningKey? best = null;
        foreach (var key in _current.Keys)
        {
            if (!key.Credentials.ContainsKey(algorithm) || key.Stored.ActiveFrom > now) continue;
            if (best is null || IsBetter(key.Stored, best.Stored, now)) best = key;
        }

        return best?.Credentials[algorithm] ?? throw new InvalidOperationException($"No active key signs {algorithm}.");
    }

    /// <summary>A key past its time is better than none, because a rotation that failed must not stop every sign-in; but never better than one in its time.</summary>
    private static bool IsBetter(StoredKey key, StoredKey than, DateTimeOffset now)
    {
        var (inTime, thanInTime) = (key.RetiredFrom > now, than.RetiredFrom > now);
        if (inTime != thanInTime) return inTime;
        return key.ActiveFrom != than.ActiveFrom ? key.ActiveFrom > than.ActiveFrom : key.CreatedAt > than.CreatedAt;
    }

    public async Task ReloadAsync(CancellationToken ct)
    {
        await _reloading.WaitAsync(ct);
        try
        {
            var version = await store.ReadVersionAsync(ct);
            var stored = await store.ReadAsync(ct);
            var known = _current.Keys.ToDictionary(k => k.Stored.Kid, StringComparer.Ordinal);

            // Live key objects are kept: a request may be signing with one right now.
            SigningKey[] keys = [.. stored.Where(k => k.Kty != KeyRotation.PairwiseKty)
                .OrderByDescending(k => k.ActiveFrom)
                .Select(k => known.TryGetValue(k.Kid, out var live) ? live with { Stored = k } : Open(k))];
            var pairwise = stored.FirstOrDefault(k => k.Kty == KeyRotation.PairwiseKty) is { } secret ? encryption.Unwrap(secret.Wrapped, KeyRotation.Purpose) : [];
            var set = new JsonWebKeySet([.. keys.Select(k => k.Public)]);
            _current = new Snapshot(keys, set, Write(set), pairwise, version);
        }
        finally
        {
            _reloading.Release();
        }
    }

    public async Task ReloadIfChangedAsync(CancellationToken ct)
    {
        if (await store.ReadVersionAsync(ct) != _current.Version) await ReloadAsync(ct);
    }

    private SigningKey Open(StoredKey stored)
    {
        var pkcs8 = encryption.Unwrap(stored.Wrapped, KeyRotation.Purpose);
        try
        {
            var credentials = new Dictionary<string, SigningCredential>(StringComparer.Ordinal);
            if (stored.Kty == KeyTypes.Ec)
            {
                var ecdsa = ECDsa.Create();
                ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
                credentials["ES256"] = Jose.SigningCredential.FromEcdsa(ecdsa, SignatureAlgorithm.ES256, stored.Kid);
                return new SigningKey(stored, JsonWebKey.FromEcdsa(ecdsa, includePrivate: false, stored.Kid, "ES256"), credentials.ToFrozenDictionary(StringComparer.Ordinal));
            }

            JsonWebKey? published = null;
            foreach (var algorithm in SignatureAlgorithm.Asymmetric.Where(a => a.Kty == KeyTypes.Rsa))
            {
                var rsa = RSA.Create();
                rsa.ImportPkcs8PrivateKey(pkcs8, out _);
                published ??= JsonWebKey.FromRsa(rsa, includePrivate: false, stored.Kid);
                credentials[algorithm.Name] = Jose.SigningCredential.FromRsa(rsa, algorithm, stored.Kid);
            }

            return new SigningKey(stored, published!, credentials.ToFrozenDictionary(StringComparer.Ordinal));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static byte[] Write(JsonWebKeySet set)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) set.WritePublic(writer);
        return buffer.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        foreach (var credential in _current.Keys.SelectMany(k => k.Credentials.Values)) credential.Dispose();
        _reloading.Dispose();
    }
}

/// <summary>One key with its live objects, one per algorithm it serves.</summary>
public sealed record SigningKey(StoredKey Stored, JsonWebKey Public, FrozenDictionary<string, SigningCredential> Credentials)
{
    /// <summary><c>announced</c>, <c>active</c> or <c>retired</c>.</summary>
    public string State(DateTimeOffset now) => now < Stored.ActiveFrom ? "announced" : now < Stored.RetiredFrom ? "active" : "retired";
}
