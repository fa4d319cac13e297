using System.Data.Common;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Administration.Imports;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Keys;
using AuthServer.Engine.RateLimits;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.SignIn;
using AuthServer.Engine.Tickets;
using AuthServer.Engine.Tokens;
using AuthServer.Hosting;
using AuthServer.Storage.Sql;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AuthServer.Storage;

/// <summary>Which database, and where, in words for a person. Never with a password in it.</summary>
internal sealed record StorageLocation(string Description, bool IsSqlite, string ConnectionString)
{
    public override string ToString() => Description;
}

/// <summary>Registers the stores for the database that <c>Storage:Provider</c> and <c>ConnectionStrings:AuthServer</c> name.</summary>
internal static class StorageRegistration
{
    public static void AddAuthStorage(this IServiceCollection services, IConfiguration configuration)
    {
        var location = Locate(configuration);
        services.AddSingleton(location);
        services.AddSingleton<CommandCounter>().AddSingleton<CommandCounterInterceptor>();
        services.Configure<IdentityOptions>(static o => o.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
        if (location.IsSqlite) AddSqlite(services, location.ConnectionString);
        else AddPostgreSql(services, location.ConnectionString);

        services.AddIdentityCore<User>().AddEntityFrameworkStores<AuthDbContext>();
        services.AddSingleton<SqlTokenStore>();
        services.AddSingleton<ITokenStore>(static s => s.GetRequiredService<SqlTokenStore>());
        services.AddSingleton<IReplayStore>(static s => s.GetRequiredService<SqlTokenStore>());
        services.AddSingleton<ISessionStore, SqlSessionStore>();
        services.AddSingleton<IPendingAuthorizationStore, SqlPendingAuthorizationStore>();
        services.AddSingleton<IDeviceCodeStore, SqlDeviceCodeStore>();
        services.AddSingleton<IConsentStore, SqlConsentStore>();
        services.AddSingleton<ISignInFailureStore, SqlSignInFailureStore>();
        services.AddSingleton<ISetupCodeStore, SqlSetupCodeStore>();
        services.AddSingleton<ITicketStore, SqlTicketStore>();
        services.AddSingleton<IFactorStore, SqlFactorStore>();
        services.AddSingleton<IDeviceStore, SqlDeviceStore>();
        services.AddSingleton<IKeyStore, KeyStore>();
        services.AddSingleton<ClientStore>().AddSingleton<IClientSource>(static s => s.GetRequiredService<ClientStore>()).AddSingleton<IRegistryStore>(static s => s.GetRequiredService<ClientStore>());
        services.AddSingleton<IAuditStore, SqlAuditStore>().AddSingleton<IAuditReader, SqlAuditReader>().AddSingleton<SqlAuditRetention>().AddSingleton<SqlSessionFigure>();
        services.AddSingleton<IGrantList, SqlGrantList>();
        services.AddSingleton<SqlUserDirectory>().AddSingleton<IDirectoryStore, DirectoryStore>().AddSingleton<IDirectorySearchStore, DirectorySearchStore>();
        services.AddSingleton<SqlAccountDeletion>().AddSingleton<IAccountDeletionStore>(static s => s.GetRequiredService<SqlAccountDeletion>()).AddSingleton<IPeopleStore, PeopleStore>().AddSingleton<ISessionList, SqlSessionList>();
        services.AddSingleton<IApiKeyStore, SqlApiKeyStore>().AddSingleton<IRateStore, SqlRateStore>();
        services.AddSingleton<IPeopleImportStore, PeopleImportStore>();
        services.AddSingleton<DataProtectionKeyRepository>().AddSingleton<SqlIdempotencyKeys>();
        services.AddSingleton<DatabaseMigration>().AddSingleton<ExpiredRows>().AddSingleton<DirectoryUpkeep>();
    }

    private static StorageLocation Locate(IConfiguration configuration)
    {
        var provider = configuration["Storage:Provider"] ?? "Sqlite";
        var connectionString = configuration.GetConnectionString("AuthServer");
        if (provider.Equals("Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            var sqlite = new SqliteConnectionStringBuilder(connectionString ?? "Data Source=" + HomeFolder.Of(configuration).File("authserver.db")) { ForeignKeys = true, DefaultTimeout = 30 };
            return new StorageLocation("SQLite, " + sqlite.DataSource, true, sqlite.ToString());
        }

        if (!provider.Equals("PostgreSql", StringComparison.OrdinalIgnoreCase)) throw new SettingsException($"Storage:Provider is '{provider}'; it can be Sqlite or PostgreSql.");
        if (string.IsNullOrEmpty(connectionString)) throw new SettingsException("Storage:Provider is PostgreSql, but ConnectionStrings:AuthServer is not set.");
        var postgres = new NpgsqlConnectionStringBuilder(connectionString);
        // A few dozen statements are all there is; prepared they cost no planning. Whoever pools in between sets "Max Auto Prepare=0" and is left alone.
        if (!postgres.ShouldSerialize("Max Auto Prepare")) postgres.MaxAutoPrepare = 100;
        return new StorageLocation($"PostgreSQL, database {postgres.Database} on {postgres.Host}:{postgres.Port}", false, postgres.ToString());
    }

    private static void AddSqlite(IServiceCollection services, string connectionString)
    {
        services.AddDbContext<SqliteAuthDbContext>((s, o) => o.UseSqlite(connectionString).AddInterceptors(s.GetRequiredService<CommandCounterInterceptor>(), SqlitePragmas.Instance));
        services.AddScoped<AuthDbContext>(static s => s.GetRequiredService<SqliteAuthDbContext>());
        services.AddSingleton<SqlDatabase>(s => new SqliteDatabase(connectionString, s.GetRequiredService<CommandCounter>()));
    }

    private static void AddPostgreSql(IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        services.AddSingleton<DbDataSource>(static s => s.GetRequiredService<NpgsqlDataSource>());
        services.AddDbContext<PostgreSqlAuthDbContext>((s, o) => o.UseNpgsql(s.GetRequiredService<NpgsqlDataSource>()).AddInterceptors(s.GetRequiredService<CommandCounterInterceptor>()));
        services.AddScoped<AuthDbContext>(static s => s.GetRequiredService<PostgreSqlAuthDbContext>());
        services.AddSingleton<SqlDatabase>(static s => new PostgreSqlDatabase(s.GetRequiredService<NpgsqlDataSource>(), s.GetRequiredService<CommandCounter>()));
    }
}
