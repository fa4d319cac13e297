using Microsoft.EntityFrameworkCore.Design;

namespace AuthServer.Storage;

/// <summary>For <c>EfDesign=true dotnet ef migrations add</c>: a real container, because Identity takes its schema version from the application's services.</summary>
internal static class DesignTimeContexts
{
    private static T Create<T>(string provider, string connectionString) where T : AuthDbContext
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Storage:Provider"] = provider, ["ConnectionStrings:AuthServer"] = connectionString }).Build();
        var services = new ServiceCollection();
        services.AddAuthStorage(configuration);
        return services.BuildServiceProvider().CreateScope().ServiceProvider.GetRequiredService<T>();
    }

    internal sealed class Sqlite : IDesignTimeDbContextFactory<SqliteAuthDbContext>
    {
        public SqliteAuthDbContext CreateDbContext(string[] args) => Create<SqliteAuthDbContext>("Sqlite", "Data Source=:memory:");
    }

    internal sealed class PostgreSql : IDesignTimeDbContextFactory<PostgreSqlAuthDbContext>
    {
        public PostgreSqlAuthDbContext CreateDbContext(string[] args) => Create<PostgreSqlAuthDbContext>("PostgreSql", "Host=localhost;Database=none");
    }
}
