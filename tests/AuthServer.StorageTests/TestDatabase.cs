using System.Security.Cryptography;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;
using AuthServer.Storage;
using AuthServer.Storage.Sql;
using AuthServer.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>A database of its own for one test, with the stores on it as the server registers them and a clock that the test moves.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> SqliteTemplate = new(() => MigrateTemplateAsync(TestStorage.Sqlite));
    private static readonly Lazy<Task<string>> PostgreSqlTemplate = new(() => MigrateTemplateAsync(TestStorage.PostgreSql));

    public const int Crowd = 200;

    private readonly ServiceProvider _services;
    private readonly Lazy<ServiceProvider> _otherNode;

    private TestDatabase(TestStorage provider, string connectionString)
    {
        (Provider, ConnectionString) = (provider, connectionString);
        _services = NewNode();
        _otherNode = new Lazy<ServiceProvider>(() => NewNode());
    }

    public TestStorage Provider { get; }

    public string ConnectionString { get; }

    public ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public DateTimeOffset Now => Clock.GetUtcNow();

    public SqlDatabase Sql => Get<SqlDatabase>();

    /// <summary>A copy of a migrated database: faster than to migrate one.</summary>
    public static async Task<TestDatabase> CreateAsync(TestStorage provider)
    {
        if (provider == TestStorage.PostgreSql) return new TestDatabase(provider, await PostgreSqlCluster.CreateDatabaseAsync(await PostgreSqlTemplate.Value));
        var file = NewFile();
        File.Copy(await SqliteTemplate.Value, file);
        return new TestDatabase(provider, "Data Source=" + file);
    }

    public static async Task<TestDatabase> CreateEmptyAsync(TestStorage provider) =>
        new(provider, provider == TestStorage.PostgreSql ? await PostgreSqlCluster.CreateDatabaseAsync() : "Data Source=" + NewFile());

    /// <summary>The stores once more, as another process has them. The caller disposes.</summary>
    public ServiceProvider NewNode(string? connectionString = null) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(Clock)
        .AddSingleton(new AuditChain(new byte[32]))
        .AddStorage(Provider, connectionString ?? ConnectionString)
        .BuildServiceProvider();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async Task<T> WithDbAsync<T>(Func<AuthDbContext, Task<T>> use)
    {
        await using var scope = _services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<AuthDbContext>());
    }

    public Microsoft.AspNetCore.Identity.UserManager<User> NewUserManager(out AsyncServiceScope scope) =>
        (scope = _services.CreateAsyncScope()).ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<User>>();

    /// <summary>The number that a query answers.</summary>
    public async Task<long> NumberAsync(string sql) =>
        Assert.Single(await Sql.ListAsync(sql, static row => Convert.ToInt64(row.GetValue(0), System.Globalization.CultureInfo.InvariantCulture), CancellationToken.None));

    public Task<long> CountAsync(string table) => NumberAsync("SELECT COUNT(*) FROM " + table);

    public Task<int> ExecuteAsync(string sql) => Sql.ExecuteAsync(sql, CancellationToken.None);

    public static byte[] Hash() => RandomNumberGenerator.GetBytes(32);

    public static string Id() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public async Task<User> AddUserAsync(Action<User>? change = null)
    {
        var name = Id();
        var user = new User { UserName = name, NormalizedUserName = name.ToUpperInvariant(), CreatedAt = Now, UpdatedAt = Now };
        change?.Invoke(user);
        await WithDbAsync(db =>
        {
            db.Users.Add(user);
            return db.SaveChangesAsync();
        });
        return user;
    }

    public Task<int> ChangeUserAsync(User user, string assignment) => ExecuteAsync($"UPDATE users SET {assignment} WHERE id = '{user.Id}'");

    public Task<int> DeleteUserAsync(User user) => ExecuteAsync($"DELETE FROM users WHERE id = '{user.Id}'");

    public async Task<Session> AddSessionAsync(User user, TimeSpan? lifetime = null)
    {
        var session = new Session
        {
            Id = Id(), UserId = user.Id, KeyHash = Hash(), CreatedAt = Now, AuthTime = Now, Amr = ["pwd"], Acr = "1", LastSeenAt = Now, ExpiresAt = Now + (lifetime ?? TimeSpan.FromDays(14)),
        };
        await Get<ISessionStore>().AddAsync(session, CancellationToken.None);
        return session;
    }

    public Grant NewGrant(User? user = null, Session? session = null, bool bound = true) => new()
    {
        Id = Id(), ClientId = "web", UserId = user?.Id, SessionId = session?.Id, BoundToSession = session is not null && bound, Scopes = ScopeSet.Parse("openid profile"), CreatedAt = Now,
        ExpiresAt = Now.AddMinutes(10), Details = new GrantDetails(),
    };

    public async Task<Grant> AddGrantAsync(User? user = null, Session? session = null, bool bound = true, RefreshState? refresh = null)
    {
        var grant = NewGrant(user, session, bound) with { Refresh = refresh };
        await Get<ITokenStore>().AddGrantAsync(grant, null, CancellationToken.None);
        return grant;
    }

    public AuthorizationCode NewCode(Grant grant) => new() { Hash = Hash(), GrantId = grant.Id, ClientId = grant.ClientId, RedirectUri = "https://app.test/cb", ExpiresAt = Now.AddMinutes(1) };

    public RefreshState NewRefresh() => new() { FamilyHash = Hash(), SecretHash = Hash(), ExpiresAt = Now.AddDays(30) };

    /// <summary>Two hundred calls at once, half of them by a second node; answers how many were told yes.</summary>
    public async Task<int> RaceAsync<TStore>(Func<TStore, Task<bool>> attempt) where TStore : notnull => (await CrowdAsync(attempt)).Count(static won => won);

    public async Task<TAnswer[]> CrowdAsync<TStore, TAnswer>(Func<TStore, Task<TAnswer>> attempt) where TStore : notnull
    {
        TStore[] nodes = [Get<TStore>(), _otherNode.Value.GetRequiredService<TStore>()];
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var attempts = Enumerable.Range(0, Crowd).Select(async i =>
        {
            await start.Task;
            return await attempt(nodes[i % nodes.Length]);
        }).ToArray();
        start.SetResult();
        return await Task.WhenAll(attempts);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_otherNode.IsValueCreated) await _otherNode.Value.DisposeAsync();
        if (Provider == TestStorage.PostgreSql)
        {
            await PostgreSqlCluster.DropDatabaseAsync(ConnectionString);
            return;
        }

        using (var connection = new SqliteConnection(ConnectionString)) SqliteConnection.ClearPool(connection);
        Directory.Delete(Path.GetDirectoryName(new SqliteConnectionStringBuilder(ConnectionString).DataSource)!, recursive: true);
    }

    public static Task MigrateAsync(IServiceProvider node) => node.GetRequiredService<DatabaseMigration>().MigrateAsync(CancellationToken.None);

    private static string NewFile() => Path.Combine(Directory.CreateTempSubdirectory("storage").FullName, "authserver.db");

    private static async Task<string> MigrateTemplateAsync(TestStorage provider)
    {
        var database = await CreateEmptyAsync(provider);
        await MigrateAsync(database._services);
        await database._services.DisposeAsync();
        if (provider == TestStorage.PostgreSql) return database.ConnectionString;

        // The last connection that closes puts the write-ahead log into the file, so the file alone is the database.
        SqliteConnection.ClearAllPools();
        var file = new SqliteConnectionStringBuilder(database.ConnectionString).DataSource;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        return file;
    }
}

internal static class TestDatabaseRegistration
{
    public static IServiceCollection AddStorage(this IServiceCollection services, TestStorage provider, string connectionString)
    {
        services.AddAuthStorage(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Provider"] = provider.ToString(),
            ["ConnectionStrings:AuthServer"] = connectionString,
        }).Build());
        return services;
    }
}
