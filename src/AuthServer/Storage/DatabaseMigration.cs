using AuthServer.Hosting;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Storage;

/// <summary>Brings the schema up to date at start. Several nodes may start at once: EF Core takes a lock.</summary>
internal sealed class DatabaseMigration(IServiceScopeFactory scopes, StorageLocation location)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task MigrateAsync(CancellationToken ct)
    {
        if (location.IsSqlite && new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(location.ConnectionString).DataSource is { Length: > 0 } file && file[0] != ':')
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);

        await using var scope = scopes.CreateAsyncScope();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            await scope.Db().Database.MigrateAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new StartRefusedException(
            [
                $"The database could not be brought up to date within {Patience.TotalSeconds:0} seconds: another process holds the migration lock.",
                "If no other node is starting, a killed one left the lock behind. Remove it: DELETE FROM \"__EFMigrationsLock\";",
            ]);
        }
    }
}
