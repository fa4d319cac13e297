using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using AuthServer.Hosting;
using AuthServer.Storage;
using AuthServer.Storage.Sql;
using AuthServer.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Schema, migrations and constant SQL fit each other.</summary>
public abstract partial class SchemaConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : SchemaConformance(TestStorage.Sqlite)
    {
        /// <summary>The queries whose table is small by its nature, those that run at start only or over one batch (the batch itself is what they scan), those that look for another administrator when one leaves, and what ends the grants and consents of a client that is removed (once in its life).</summary>
        private static readonly string[] MayScan = ["SqlSetupCodeStore.AnyAdministratorSql", "ExpiredRows.SetupCodesSql", "SqlAccountDeletion.OthersSql", "SqlAccountDeletion.DeleteSql", "DirectoryUpkeep.BuiltInSql", "SqlAuditRetention.LastOldSql", "ClientStore.RevokeGrantsSql", "ClientStore.RemoveConsentsSql", "SqlRateStore.AddSql", "SqlApiKeyStore.NoteUsesSql"];

        [Fact]
        public async Task Every_statement_finds_its_rows_by_an_index()
        {
            foreach (var (name, sql) in Statements().Where(s => !MayScan.Contains(s.Name)))
            {
                var parameters = Parameter().Matches(sql).Select(m => m.Groups[1].Value).Distinct().Select(p => (p, (object?)1)).ToArray();
                var plan = await Database.Sql.ListAsync("EXPLAIN QUERY PLAN " + sql, static row => row.GetString(3), None, parameters);
                Assert.Equal([], plan.Where(static step => step.StartsWith("SCAN ", StringComparison.Ordinal) && step != "SCAN CONSTANT ROW").Select(step => $"{name}: {step}"));
            }
        }

        [Fact]
        public async Task A_file_that_was_there_already_writes_ahead_as_well()
        {
            await using var database = await TestDatabase.CreateEmptyAsync(TestStorage.Sqlite);
            var file = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(database.ConnectionString).DataSource;
            await File.WriteAllBytesAsync(file, []);

            await database.Get<DatabaseMigration>().MigrateAsync(None);

            Assert.Equal("wal", await database.Sql.FindAsync("PRAGMA journal_mode", static row => row.GetString(0), None));
        }

        [Fact]
        public async Task The_folder_is_made()
        {
            await using var parent = await TestDatabase.CreateEmptyAsync(TestStorage.Sqlite);
            var folder = Path.GetDirectoryName(new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(parent.ConnectionString).DataSource)!;
            await using var node = parent.NewNode($"Data Source={Path.Combine(folder, "a", "b", "authserver.db")}");

            await TestDatabase.MigrateAsync(node);

            Assert.True(File.Exists(Path.Combine(folder, "a", "b", "authserver.db")));
        }

        [Fact]
        public async Task Connections_are_durable_and_hold_foreign_keys()
        {
            Assert.Equal(2, await Database.NumberAsync("PRAGMA synchronous"));
            Assert.Equal(1, await Database.NumberAsync("PRAGMA foreign_keys"));
            Assert.Equal(2, await Database.WithDbAsync(async db =>
            {
                await db.Database.OpenConnectionAsync();
                await using var command = db.Database.GetDbConnection().CreateCommand();
                command.CommandText = "PRAGMA synchronous";
                return Convert.ToInt32(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
            }));
        }

        [Fact]
        public async Task A_lock_left_behind_is_named_after_a_minute()
        {
            await Database.ExecuteAsync("INSERT INTO \"__EFMigrationsLock\" (\"Id\", \"Timestamp\") VALUES (1, '2026-01-01 00:00:00')");

            Assert.Contains("DELETE FROM \"__EFMigrationsLock\";", await GiveUpAsync(), StringComparison.Ordinal);
        }
    }

    public sealed class OnPostgreSql() : SchemaConformance(TestStorage.PostgreSql)
    {
        [Fact]
        public async Task Text_compares_by_its_bytes() => Assert.Empty(await Database.Sql.ListAsync("""
            SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND data_type IN ('text', 'character varying') AND table_name NOT LIKE '\_\_EF%' AND collation_name IS DISTINCT FROM 'C'
            """, static row => row.GetString(0), None));

        [Fact]
        public async Task Statements_that_come_often_are_prepared()
        {
            await using var one = Database.NewNode(Database.ConnectionString + ";Maximum Pool Size=1");
            await using var none = Database.NewNode(Database.ConnectionString + ";Maximum Pool Size=1;Max Auto Prepare=0");

            Assert.NotEqual(0, await PreparedAfterTenAsync(one));
            Assert.Equal(0, await PreparedAfterTenAsync(none));
        }

        [Fact]
        public async Task A_node_that_does_not_get_ready_is_waited_for_a_minute()
        {
            await using var other = await OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();
            await using var command = other.CreateCommand();
            command.CommandText = "LOCK TABLE \"__EFMigrationsHistory\" IN ACCESS EXCLUSIVE MODE";
            await command.ExecuteNonQueryAsync();

            Assert.Contains("pg_stat_activity", await GiveUpAsync(), StringComparison.Ordinal);
        }

        private static async Task<long> PreparedAfterTenAsync(ServiceProvider node)
        {
            var sql = node.GetRequiredService<SqlDatabase>();
            for (var i = 0; i < 10; i++) await sql.ListAsync("SELECT id FROM grants", static row => row.GetString(0), None);
            return Assert.Single(await sql.ListAsync("SELECT COUNT(*) FROM pg_prepared_statements", static row => row.GetInt64(0), None));
        }
    }

    /// <summary>Every constant of the storage whose name ends in Sql.</summary>
    private static IEnumerable<(string Name, string Sql)> Statements() =>
        from type in typeof(AuthDbContext).Assembly.GetTypes()
        where type.Namespace?.StartsWith("AuthServer.Storage", StringComparison.Ordinal) == true
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        where field.IsLiteral && field.Name.EndsWith("Sql", StringComparison.Ordinal)
        select (type.Name + "." + field.Name, (string)field.GetRawConstantValue()!);

    [GeneratedRegex("@([a-z_]+)")]
    private static partial Regex Parameter();

    [Fact]
    public async Task Every_statement_prepares_against_the_schema()
    {
        var statements = Statements().ToList();
        Assert.InRange(statements.Count, 50, 400);

        await using var connection = await OpenAsync();
        foreach (var (name, sql) in statements)
        {
            await using var command = connection.CreateCommand();
            // The server prepares and infers the types by itself; the driver's Prepare would want to be told them.
            var parameters = Parameter().Matches(sql).Select(m => m.Value).Distinct().ToList();
            command.CommandText = connection is Npgsql.NpgsqlConnection
                ? $"PREPARE \"{name}\" AS " + Parameter().Replace(sql, m => "$" + (parameters.IndexOf(m.Value) + 1))
                : "EXPLAIN " + sql;
            foreach (var parameter in connection is Npgsql.NpgsqlConnection ? [] : parameters)
                command.Parameters.Add(new Microsoft.Data.Sqlite.SqliteParameter(parameter, DBNull.Value));
            Assert.Null(await Record.ExceptionAsync(command.ExecuteNonQueryAsync) is { } fault ? $"{name}: {fault.Message}" : null);
        }
    }

    private async Task<DbConnection> OpenAsync()
    {
        DbConnection connection = Database.Provider == TestStorage.Sqlite ? new Microsoft.Data.Sqlite.SqliteConnection(Database.ConnectionString) : new Npgsql.NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync();
        if (connection is Microsoft.Data.Sqlite.SqliteConnection sqlite) SqliteFunctions.Register(sqlite);
        return connection;
    }

    [Fact]
    public async Task The_migrations_say_what_the_model_says() => Assert.False(await Database.WithDbAsync(db => Task.FromResult(db.Database.HasPendingModelChanges())));

    [Fact]
    public async Task Names_need_no_quotes()
    {
        var names = await Database.WithDbAsync(db => Task.FromResult(db.Model.GetEntityTypes()
            .SelectMany(e => e.GetProperties().Where(_ => !e.IsMappedToJson()).Select(p => p.GetColumnName()).Append(e.GetTableName()!)).Distinct().ToList()));

        Assert.All(names, name => Assert.Matches("^[a-z][a-z_]*$", name));
        Assert.Contains("user_passkeys", names);
    }

    [Fact]
    public async Task Four_nodes_bring_one_empty_database_up_to_date()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Database.Provider);
        var nodes = Enumerable.Range(0, 4).Select(_ => database.NewNode()).ToList();

        await Task.WhenAll(nodes.Select(node => Task.Run(() => TestDatabase.MigrateAsync(node))));

        Assert.Equal(await Database.CountAsync("snapshot_versions"), await database.CountAsync("snapshot_versions"));
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await Database.AddUserAsync();

        await Database.Get<DatabaseMigration>().MigrateAsync(None);

        Assert.Equal(1, await Database.CountAsync("users"));
    }

    [Fact]
    public async Task The_description_tells_no_password()
    {
        await using var node = Database.NewNode(Database.ConnectionString + ";Password=geheim");

        var location = node.GetRequiredService<StorageLocation>();

        Assert.DoesNotContain("geheim", location.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", location.Description, StringComparison.Ordinal);
    }

    /// <summary>Somebody holds the lock, and a minute goes by.</summary>
    private async Task<string> GiveUpAsync()
    {
        var migrating = Task.Run(() => Database.Get<DatabaseMigration>().MigrateAsync(None));
        await Database.Clock.NextTimerAsync();

        Database.Clock.Advance(TimeSpan.FromSeconds(60));

        return (await Assert.ThrowsAsync<StartRefusedException>(() => migrating)).Message;
    }
}
