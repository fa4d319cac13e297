using AuthServer.Engine.Keys;
using AuthServer.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Storage;

/// <summary>Signing keys. Read at start and when they change, so EF Core serves.</summary>
internal sealed class KeyStore(IServiceScopeFactory scopes) : IKeyStore
{
    private const string Snapshot = "keys";

    public async Task<IReadOnlyList<StoredKey>> ReadAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.Db().SigningKeys.AsNoTracking().Select(k => new StoredKey
        {
            Kid = k.Kid, Kty = k.Kty, Wrapped = k.Wrapped, CreatedAt = k.CreatedAt, ActiveFrom = k.ActiveFrom, RetiredFrom = k.RetiredFrom, RemovedFrom = k.RemovedFrom,
        }).ToListAsync(ct);
    }

    public async Task<bool> TryAddAsync(StoredKey key, string slot, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        if (await db.SigningKeys.AnyAsync(k => k.Slot == slot, ct)) return false;
        db.SigningKeys.Add(new SigningKeyRow
        {
            Kid = key.Kid, Kty = key.Kty, Slot = slot, Wrapped = key.Wrapped, CreatedAt = key.CreatedAt, ActiveFrom = key.ActiveFrom, RetiredFrom = key.RetiredFrom, RemovedFrom = key.RemovedFrom,
        });
        try
        {
            await db.InOneTransactionAsync(Snapshot, () => db.SaveChangesAsync(ct), ct);
            return true;
        }
        catch (DbUpdateException) when (!ct.IsCancellationRequested)
        {
            // The unique slot: another node was faster. Anything else shows itself here.
            await using var again = scopes.CreateAsyncScope();
            if (await again.Db().SigningKeys.AnyAsync(k => k.Slot == slot, ct)) return false;
            throw;
        }
    }

    public async Task SetScheduleAsync(string kid, DateTimeOffset activeFrom, DateTimeOffset retiredFrom, DateTimeOffset removedFrom, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        await db.InOneTransactionAsync(Snapshot, () => db.SigningKeys.Where(k => k.Kid == kid).ExecuteUpdateAsync(
            set => set.SetProperty(k => k.ActiveFrom, activeFrom).SetProperty(k => k.RetiredFrom, retiredFrom).SetProperty(k => k.RemovedFrom, removedFrom), ct), ct);
    }

    public async Task<int> DeleteRemovedAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        if (!await db.SigningKeys.AnyAsync(k => k.RemovedFrom <= now, ct)) return 0;
        return await db.InOneTransactionAsync(Snapshot, () => db.SigningKeys.Where(k => k.RemovedFrom <= now).ExecuteDeleteAsync(ct), ct);
    }

    public async Task<long> ReadVersionAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.Db().ReadVersionAsync(Snapshot, ct);
    }
}
