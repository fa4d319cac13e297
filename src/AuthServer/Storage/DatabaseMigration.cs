using AuthServer.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AuthServer.Storage;

/// <summary>Brings the schema up to date at start. Several nodes may start at once.</summary>
/// <remarks>
/// EF Core's own lock is a row in SQLite. In PostgreSQL it lasts as long as a transaction, and each migration is one: between two of them another node gets in, with a list of what to do that is
/// no longer true. Hence one advisory lock around them all, in a transaction of its own so that it works through a connection pooler as well.
/// </remarks>
internal sealed class DatabaseMigration(IServiceScopeFactory scopes, StorageLocation location, IServiceProvider services, TimeProvider clock)
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
            await using var alone = await AloneAsync(limit.Token);
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
                    : "Wait until the other node has started, or see who holds it: SELECT a.* FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted.",
            ]);
        }
    }
    /// <summary>Held until it is disposed of: rolling back releases it.</summary>
    private async Task<IAsyncDisposable> AloneAsync(CancellationToken ct)
    {
        if (services.GetService<NpgsqlDataSource>() is not { } postgres) return NothingToRelease.Instance;
        var connection = await postgres.OpenConnectionAsync(ct);
        try
        {
            await connection.BeginTransactionAsync(ct);
            await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtext('authserver migration'))", connection) { CommandTimeout = (int)Patience.TotalSeconds * 2 };
            await command.ExecuteNonQueryAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private sealed class NothingToRelease : IAsyncDisposable
    {
        public static readonly NothingToRelease Instance = new();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
