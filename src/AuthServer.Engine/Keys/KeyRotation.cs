using System.Security.Cryptography;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Jose;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Keys;

/// <summary>
/// Makes keys ahead of time: a successor is announced before its predecessor stops signing, and the predecessor stays published until nothing it signed is
/// good any more. Any node may run it at any moment: what a key is made for has a name in the database, and the first one wins.
/// </summary>
public sealed class KeyRotation(IKeyStore store, KeyEncryption encryption, IOptions<KeyOptions> options, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>Purpose of the wrapping of private keys.</summary>
    internal const string Purpose = "signing-key";

    /// <summary>Key type of the secret behind pairwise subjects; it never changes, or every pairwise client would lose its users.</summary>
    internal const string PairwiseKty = "oct";

    private static readonly string[] Kinds = [KeyTypes.Rsa, KeyTypes.Ec];

    private readonly KeyOptions _options = options.Value;

    /// <summary>First keys where there are none, successors where one is due. True where anything changed.</summary>
    public async Task<bool> EnsureAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var keys = await store.ReadAsync(ct);
        var changed = false;
        foreach (var kty in Kinds)
        {
            var last = keys.Where(k => k.Kty == kty).MaxBy(k => k.ActiveFrom);
            if (last is null) changed |= await AddAsync(kty, now, kty + "/first");
            else if (last.RetiredFrom <= now.AddDays(_options.AnnouncementDays)) changed |= await AddAsync(kty, last.RetiredFrom > now ? last.RetiredFrom : now, $"{kty}/after/{last.Kid}");
        }

        if (keys.All(k => k.Kty != PairwiseKty)) changed |= await AddPairwiseAsync(now);
        return await store.DeleteRemovedAsync(now, ct) > 0 || changed;

        async Task<bool> AddAsync(string kty, DateTimeOffset activeFrom, string slot) => await TryAddAsync(kty, now, activeFrom, slot, ct);

        async Task<bool> AddPairwiseAsync(DateTimeOffset created)
        {
            var secret = RandomNumberGenerator.GetBytes(32);
            return await store.TryAddAsync(new StoredKey
            {
                Kid = Convert.ToHexStringLower(SHA256.HashData(secret))[..16],
                Kty = PairwiseKty,
                Wrapped = encryption.Wrap(secret, Purpose),
                CreatedAt = created,
                ActiveFrom = created,
                RetiredFrom = DateTimeOffset.MaxValue,
                RemovedFrom = DateTimeOffset.MaxValue,
            }, "pairwise", ct);
        }
    }

    /// <summary>By an operator's wish: new keys now, signing after the announcement time, or at once where the old ones are compromised.</summary>
    public async Task RotateAsync(bool atOnce, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var activeFrom = atOnce ? now : now.AddDays(_options.AnnouncementDays);
        foreach (var kty in Kinds)
        {
            var keys = (await store.ReadAsync(ct)).Where(k => k.Kty == kty).ToList();
            var last = keys.MaxBy(k => k.ActiveFrom);
            // One that was announced and has not signed yet never will: whoever asks for new keys may have lost it too.
            foreach (var key in keys.Where(k => k.RetiredFrom > activeFrom))
                await store.SetScheduleAsync(key.Kid, key.ActiveFrom < activeFrom ? key.ActiveFrom : activeFrom, activeFrom, activeFrom.AddDays(_options.RetirementDays), ct);
            await TryAddAsync(kty, now, activeFrom, last is null ? kty + "/first" : $"{kty}/after/{last.Kid}", ct);
        }
    }

    private async Task<bool> TryAddAsync(string kty, DateTimeOffset now, DateTimeOffset activeFrom, string slot, CancellationToken ct)
    {
        var (kid, pkcs8) = Make(kty);
        var retiredFrom = activeFrom.AddDays(_options.LifetimeDays);
        var added = await store.TryAddAsync(new StoredKey
        {
            Kid = kid,
            Kty = kty,
            Wrapped = encryption.Wrap(pkcs8, Purpose),
            CreatedAt = now,
            ActiveFrom = activeFrom,
            RetiredFrom = retiredFrom,
            RemovedFrom = retiredFrom.AddDays(_options.RetirementDays),
        }, slot, ct);
        CryptographicOperations.ZeroMemory(pkcs8);
        if (added) audit.Record(new AuditEvent(AuditKind.KeyChanged, Detail: $"{kty} key {kid} announced"));
        return added;
    }

    private static (string Kid, byte[] Pkcs8) Make(string kty)
    {
        if (kty == KeyTypes.Rsa)
        {
            using var rsa = RSA.Create(2048);
            return (JsonWebKey.FromRsa(rsa, includePrivate: false).Thumbprint(), rsa.ExportPkcs8PrivateKey());
        }

        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (JsonWebKey.FromEcdsa(ecdsa, includePrivate: false).Thumbprint(), ecdsa.ExportPkcs8PrivateKey());
    }
}
