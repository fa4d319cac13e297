using AuthServer.Engine.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Storage.Tables;

/// <summary>An API key or a personal access token; only its hash is kept.</summary>
internal sealed class ApiKeyRow
{
    public required string Id { get; set; }

    /// <summary><c>key</c> or <c>pat</c>.</summary>
    public required string Kind { get; set; }
    public string? UserId { get; set; }
    public string? ClientId { get; set; }
    public string? OrganizationId { get; set; }

    /// <summary>The grant it stands and falls with.</summary>
    public required string GrantId { get; set; }
    public required string Name { get; set; }

    /// <summary>The beginning of the key, by which a person knows it again.</summary>
    public required string Prefix { get; set; }
    public required byte[] Hash { get; set; }
    public required string Scopes { get; set; }

    /// <summary>Addresses and networks in CIDR form, separated by spaces; null: from everywhere.</summary>
    public string? AllowedAddresses { get; set; }
    public int? RatePerHour { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }
    public string? LastUsedAddress { get; set; }
    public long Version { get; set; }
}

/// <summary>What all nodes together spent of a limit in one window.</summary>
internal sealed class RateCounterRow
{
    public required string Bucket { get; set; }
    public DateTimeOffset WindowStart { get; set; }
    public long Spent { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>A create that was done under an Idempotency-Key: the same request again finds what it made.</summary>
internal sealed class IdempotencyKeyRow
{
    public required byte[] KeyHash { get; set; }
    public required byte[] RequestHash { get; set; }

    /// <summary>Null while the first one is still at work.</summary>
    public string? Location { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class MachineTables : IEntityTypeConfiguration<ApiKeyRow>, IEntityTypeConfiguration<RateCounterRow>, IEntityTypeConfiguration<IdempotencyKeyRow>
{
    public void Configure(EntityTypeBuilder<ApiKeyRow> builder)
    {
        builder.ToTable("api_keys").HasKey(k => k.Id);
        builder.HasOne<User>().WithMany().HasForeignKey(k => k.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(k => k.Hash).IsUnique();
        builder.HasIndex(k => new { k.UserId, k.CreatedAt });
        builder.HasIndex(k => new { k.ClientId, k.CreatedAt });
        builder.HasOne<OrganizationRow>().WithMany().HasForeignKey(k => k.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(k => new { k.OrganizationId, k.CreatedAt });
        builder.HasIndex(k => new { k.CreatedAt, k.Id });
        builder.HasIndex(k => k.ExpiresAt);
        builder.HasIndex(k => k.RevokedAt);
        builder.HasIndex(k => k.GrantId).IsUnique();
    }

    public void Configure(EntityTypeBuilder<RateCounterRow> builder)
    {
        builder.ToTable("rate_counters").HasKey(c => new { c.Bucket, c.WindowStart });
        builder.HasIndex(c => c.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<IdempotencyKeyRow> builder)
    {
        builder.ToTable("idempotency_keys").HasKey(k => k.KeyHash);
        builder.HasIndex(k => k.ExpiresAt);
    }
}
