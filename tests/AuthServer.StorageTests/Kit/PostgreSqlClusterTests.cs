using AuthServer.Testing;
using Npgsql;
using Xunit;

namespace AuthServer.StorageTests.Kit;

/// <summary>Databases of one cluster that know nothing of each other.</summary>
public sealed class PostgreSqlClusterTests
{
    [Fact]
    public async Task Two_databases_are_separate()
    {
        var (one, other) = (await PostgreSqlCluster.CreateDatabaseAsync(), await PostgreSqlCluster.CreateDatabaseAsync());
        await AskAsync(one, "CREATE TABLE notes (id integer)");

        Assert.Equal("notes", await AskAsync(one, "SELECT to_regclass('notes')::text"));
        Assert.Equal(DBNull.Value, await AskAsync(other, "SELECT to_regclass('notes')::text"));
    }

    [Fact]
    public async Task A_copy_has_what_its_template_had()
    {
        var template = await PostgreSqlCluster.CreateDatabaseAsync();
        await AskAsync(template + ";Pooling=false", "CREATE TABLE notes (id integer)");
        var copy = await PostgreSqlCluster.CreateDatabaseAsync(template);

        Assert.Equal("notes", await AskAsync(copy, "SELECT to_regclass('notes')::text"));
    }

    [Fact]
    public async Task A_dropped_database_is_gone()
    {
        var database = await PostgreSqlCluster.CreateDatabaseAsync();
        await PostgreSqlCluster.DropDatabaseAsync(database);

        var fault = await Assert.ThrowsAsync<PostgresException>(() => AskAsync(database, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, fault.SqlState);
    }

    [Fact]
    public async Task It_is_the_oldest_PostgreSQL_we_support_or_a_newer_one()
    {
        var database = await PostgreSqlCluster.CreateDatabaseAsync();
        Assert.True(int.Parse((string)(await AskAsync(database, "SHOW server_version_num"))!, System.Globalization.CultureInfo.InvariantCulture) >= 150000);
    }

    private static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
