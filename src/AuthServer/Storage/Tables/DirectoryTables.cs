using AuthServer.Engine.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Storage.Tables;

/// <summary>What the four tables of the directory have in common.</summary>
internal interface IDirectoryRow
{
    string Id { get; }
    string Name { get; }

    /// <summary>The name in capitals: two that differ only in case would be taken for one another.</summary>
    string NormalizedName { get; }
    long Version { get; set; }
    DateTimeOffset CreatedAt { get; }
}

/// <summary>See <see cref="Engine.Directory.Organization"/>.</summary>
internal sealed class OrganizationRow : IDirectoryRow
{
    public required string Id { get; set; }
    public required string Name { get; set; }
    public required string NormalizedName { get; set; }
    public string? DisplayName { get; set; }
    public string? Description { get; set; }
    public string? IdentityProvider { get; set; }
    public string? ExternalId { get; set; }
    public long Version { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>See <see cref="Engine.Directory.Group"/>.</summary>
internal sealed class GroupRow : IDirectoryRow
{
    public required string Id { get; set; }
    public required string Name { get; set; }
    public required string NormalizedName { get; set; }
    public string? Description { get; set; }
    public string? OrganizationId { get; set; }
    public string? ExternalId { get; set; }
    public long Version { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>See <see cref="Engine.Directory.Role"/>.</summary>
internal sealed class RoleRow : IDirectoryRow
{
    public required string Id { get; set; }
    public required string Name { get; set; }
    public required string NormalizedName { get; set; }
    public string? Description { get; set; }
    public bool RequiresSecondFactor { get; set; }
    public long Version { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>See <see cref="Engine.Directory.Right"/>.</summary>
internal sealed class RightRow : IDirectoryRow
{
    public required string Id { get; set; }
    public required string Name { get; set; }
    public required string NormalizedName { get; set; }
    public string? Description { get; set; }
    public bool BuiltIn { get; set; }
    public long Version { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class UserGroupRow
{
    public required string UserId { get; set; }
    public required string GroupId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

internal sealed class UserRoleRow
{
    public required string UserId { get; set; }
    public required string RoleId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

internal sealed class GroupRoleRow
{
    public required string GroupId { get; set; }
    public required string RoleId { get; set; }
}

internal sealed class RoleRightRow
{
    public required string RoleId { get; set; }
    public required string RightId { get; set; }
}

/// <summary>A word by which a person is found; see <see cref="UserWords"/>.</summary>
internal sealed class UserWordRow
{
    public required string Word { get; set; }
    public required string UserId { get; set; }
}

/// <summary>A number that only grows, by its name.</summary>
internal sealed class CounterRow
{
    public required string Name { get; set; }
    public long Value { get; set; }
}

/// <summary>An organization's groups go with it, its people stay; whoever or whatever else goes takes only its memberships along.</summary>
internal sealed class DirectoryTables :
    IEntityTypeConfiguration<OrganizationRow>, IEntityTypeConfiguration<GroupRow>, IEntityTypeConfiguration<RoleRow>, IEntityTypeConfiguration<RightRow>,
    IEntityTypeConfiguration<UserGroupRow>, IEntityTypeConfiguration<UserRoleRow>, IEntityTypeConfiguration<GroupRoleRow>, IEntityTypeConfiguration<RoleRightRow>,
    IEntityTypeConfiguration<UserWordRow>, IEntityTypeConfiguration<CounterRow>, IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.HasOne<OrganizationRow>().WithMany().HasForeignKey(u => u.OrganizationId).OnDelete(DeleteBehavior.SetNull);
        builder.HasIndex(u => u.Number).IsUnique();
        // A handful among any number of people.
        builder.HasIndex(u => u.IsAdministrator).HasFilter("is_administrator = TRUE");
        builder.HasIndex(u => new { u.CreatedAt, u.Id });
        builder.HasIndex(u => u.ExternalId);
    }

    public void Configure(EntityTypeBuilder<OrganizationRow> builder)
    {
        builder.ToTable("organizations").HasKey(o => o.Id);
        builder.HasIndex(o => o.NormalizedName).IsUnique();
        builder.Property(o => o.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<GroupRow> builder)
    {
        builder.ToTable("groups").HasKey(g => g.Id);
        builder.HasIndex(g => g.NormalizedName).IsUnique();
        builder.Property(g => g.Version).IsConcurrencyToken();
        builder.HasOne<OrganizationRow>().WithMany().HasForeignKey(g => g.OrganizationId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<RoleRow> builder)
    {
        builder.ToTable("roles").HasKey(r => r.Id);
        builder.HasIndex(r => r.NormalizedName).IsUnique();
        builder.Property(r => r.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<RightRow> builder)
    {
        builder.ToTable("rights").HasKey(r => r.Id);
        builder.HasIndex(r => r.NormalizedName).IsUnique();
        builder.Property(r => r.Version).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<UserGroupRow> builder)
    {
        builder.ToTable("user_groups").HasKey(l => new { l.UserId, l.GroupId });
        builder.HasOne<User>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<GroupRow>().WithMany().HasForeignKey(l => l.GroupId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(l => new { l.GroupId, l.UserId });
    }

    public void Configure(EntityTypeBuilder<UserRoleRow> builder)
    {
        builder.ToTable("user_roles").HasKey(l => new { l.UserId, l.RoleId });
        builder.HasOne<User>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<RoleRow>().WithMany().HasForeignKey(l => l.RoleId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(l => new { l.RoleId, l.UserId });
    }

    public void Configure(EntityTypeBuilder<GroupRoleRow> builder)
    {
        builder.ToTable("group_roles").HasKey(l => new { l.GroupId, l.RoleId });
        builder.HasOne<GroupRow>().WithMany().HasForeignKey(l => l.GroupId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<RoleRow>().WithMany().HasForeignKey(l => l.RoleId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(l => l.RoleId);
    }

    public void Configure(EntityTypeBuilder<RoleRightRow> builder)
    {
        builder.ToTable("role_rights").HasKey(l => new { l.RoleId, l.RightId });
        builder.HasOne<RoleRow>().WithMany().HasForeignKey(l => l.RoleId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<RightRow>().WithMany().HasForeignKey(l => l.RightId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(l => l.RightId);
    }

    public void Configure(EntityTypeBuilder<UserWordRow> builder)
    {
        builder.ToTable("user_words").HasKey(w => new { w.Word, w.UserId });
        builder.HasOne<User>().WithMany().HasForeignKey(w => w.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(w => new { w.UserId, w.Word });
    }

    public void Configure(EntityTypeBuilder<CounterRow> builder)
    {
        builder.ToTable("counters").HasKey(c => c.Name);
        builder.HasData(new CounterRow { Name = "user_number", Value = 0 }, new CounterRow { Name = "user_words", Value = 0 });
    }
}
