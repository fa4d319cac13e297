using Microsoft.EntityFrameworkCore;

namespace AuthServer.Storage;

/// <summary>A write to clients or keys moves their version in the same transaction, or other nodes would never look.</summary>
internal static class SnapshotVersions
{
    public static AuthDbContext Db(this AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<AuthDbContext>();

    public static Task<long> ReadVersionAsync(this AuthDbContext db, string snapshot, CancellationToken ct) =>
        db.SnapshotVersions.Where(v => v.Name == snapshot).Select(v => v.Version).SingleAsync(ct);

    public static async Task<T> InOneTransactionAsync<T>(this AuthDbContext db, string snapshot, Func<Task<T>> write, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var result = await write();
        await db.SnapshotVersions.Where(v => v.Name == snapshot).ExecuteUpdateAsync(set => set.SetProperty(v => v.Version, v => v.Version + 1), ct);
        await transaction.CommitAsync(ct);
        return result;
    }
}
