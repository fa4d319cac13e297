using AuthServer.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Storage;

/// <summary>Brings the schema up to date at start. Several nodes may start at once: EF Core takes a lock.</summary>
internal sealed class DatabaseMigration(IServiceScopeFactory scopes, StorageLocation location, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task MigrateAsync(CancellationToken ct)
    {
        if (location.IsSqlite && new SqliteConnectionStringBuilder(location.ConnectionString).DataSource is { Length: > 0 } file && file[0] != ':')
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);

        await using var scope = scopes.CreateAsyncScope();
        var database = scope.Db().Database;
        using var patience = new CancellationTokenSource(Patience, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            // Waiting for another node is waiting inside a command; the limit here is the one that explains itself.
            database.SetCommandTimeout(Patience * 2);
            await database.MigrateAsync(limit.Token);
            // EF Core sets this when it creates the file; a file that somebody put there needs it as well. Kept in the file.
            if (location.IsSqlite) await database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", limit.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new StartRefusedException(
            [
                $"The database could not be brought up to date within {Patience.TotalSeconds:0} seconds: another process holds the migration lock.",
                location.IsSqlite
                    ? "If no other node is starting, a killed one left the lock behind. Remove it: DELETE FROM \"__EFMigrationsLock\";"
                    : "Wait until the other node has started, or look in pg_stat_activity for who holds the table \"__EFMigrationsHistory\".",
            ]);
        }
    }
}
