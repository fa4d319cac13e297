using System.Text;
using AuthServer.Engine.Accounts;
using AuthServer.Storage.Tables;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AuthServer.Storage;

/// <summary>
/// The schema, and the way of everything for which a person waits: Identity, administration, commands, jobs. Names are lower-case snake_case and types portable
/// (text ids, times as Unix milliseconds, JSON as text), so that the hot path's SQL is one text for both databases.
/// </summary>
internal abstract class AuthDbContext(DbContextOptions options) : IdentityUserContext<User>(options)
{
    public DbSet<GrantRow> Grants => Set<GrantRow>();
    public DbSet<SessionRow> Sessions => Set<SessionRow>();
    public DbSet<ConsentRow> Consents => Set<ConsentRow>();
    public DbSet<ClientRow> Clients => Set<ClientRow>();
    public DbSet<ScopeRow> Scopes => Set<ScopeRow>();
    public DbSet<SigningKeyRow> SigningKeys => Set<SigningKeyRow>();
    public DbSet<SnapshotVersionRow> SnapshotVersions => Set<SnapshotVersionRow>();
    public DbSet<AuditEventRow> AuditEvents => Set<AuditEventRow>();
    public DbSet<DataProtectionKeyRow> DataProtectionKeys => Set<DataProtectionKeyRow>();
    public DbSet<SetupCodeRow> SetupCodes => Set<SetupCodeRow>();
    public DbSet<OrganizationRow> Organizations => Set<OrganizationRow>();
    public DbSet<GroupRow> Groups => Set<GroupRow>();
    public DbSet<RoleRow> Roles => Set<RoleRow>();
    public DbSet<RightRow> Rights => Set<RightRow>();
    public DbSet<UserGroupRow> UserGroups => Set<UserGroupRow>();
    public DbSet<UserRoleRow> UserRoles => Set<UserRoleRow>();
    public DbSet<GroupRoleRow> GroupRoles => Set<GroupRoleRow>();
    public DbSet<RoleRightRow> RoleRights => Set<RoleRightRow>();

    /// <summary>A person is saved together with what follows from it: their number and the words by which they are found.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var people = ChangeTracker.Entries<User>().Where(static e => e.State is EntityState.Added or EntityState.Modified).ToList();
        if (people.Count == 0) return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);

        await using var transaction = Database.CurrentTransaction is null ? await Database.BeginTransactionAsync(cancellationToken) : null;
        var words = people.ConvertAll(PersonUpkeep.Changed);
        foreach (var added in people.Where(static e => e is { State: EntityState.Added, Entity.Number: 0 })) added.Entity.Number = await PersonUpkeep.NextNumberAsync(Database, cancellationToken);
        var written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        foreach (var change in words) await change.WriteAsync(Database, cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        return written;
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(AuthDbContext).Assembly);
        builder.Entity<User>().ToTable("users").Property(u => u.Profile).HasDefaultValue("{}");
        // A confirmed address is one person's: by it people sign in and get a new password.
        builder.Entity<User>().HasIndex(u => u.NormalizedEmail, "ConfirmedEmail").IsUnique().HasFilter("email_confirmed = TRUE");
        builder.Entity<IdentityUserClaim<string>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<string>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<string>>().ToTable("user_tokens");
        builder.Entity<IdentityUserPasskey<string>>().ToTable("user_passkeys");
        ProfileClaim.Map(builder, Database.IsSqlite());
        UseSnakeCase(builder);
    }

    private static void UseSnakeCase(ModelBuilder builder)
    {
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
                if (!entity.IsMappedToJson()) property.SetColumnName(SnakeCase(property.Name));
            foreach (var key in entity.GetKeys()) key.SetName(SnakeCase(key.GetName()));
            foreach (var index in entity.GetIndexes()) index.SetDatabaseName(SnakeCase(index.GetDatabaseName()));
            foreach (var foreign in entity.GetForeignKeys()) foreign.SetConstraintName(SnakeCase(foreign.GetConstraintName()));
        }
    }

    private static string? SnakeCase(string? name)
    {
        if (name is null) return null;
        var snake = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_' && !char.IsUpper(name[i - 1])) snake.Append('_');
            snake.Append(char.ToLowerInvariant(name[i]));
        }

        return snake.ToString();
    }
}

internal sealed class SqliteAuthDbContext(DbContextOptions<SqliteAuthDbContext> options) : AuthDbContext(options);

internal sealed class PostgreSqlAuthDbContext(DbContextOptions<PostgreSqlAuthDbContext> options) : AuthDbContext(options)
{
    /// <summary>Text compares by its bytes, as in SQLite: the same order everywhere, cheap indexes, and no reindexing when the system's locales change.</summary>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<string>().UseCollation("C");
    }
}

/// <summary>Times are integers: they compare, index and sort alike in both databases.</summary>
internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(static time => time.ToUnixTimeMilliseconds(), static ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));
