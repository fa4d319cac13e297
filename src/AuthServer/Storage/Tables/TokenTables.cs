using AuthServer.Engine.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Storage.Tables;

/// <summary>One row per grant, however often it is refreshed; see <see cref="Engine.Tokens.Grant"/>.</summary>
internal sealed class GrantRow
{
    public required string Id { get; set; }
    public required string ClientId { get; set; }
    public string? UserId { get; set; }
    public string? SessionId { get; set; }
    public bool BoundToSession { get; set; }
    public required string Scopes { get; set; }
    public required string Details { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public byte[]? FamilyHash { get; set; }
    public byte[]? SecretHash { get; set; }
    public byte[]? PreviousHash { get; set; }
    public DateTimeOffset? RotatedAt { get; set; }
    public byte[]? SealedSuccessor { get; set; }
    public DateTimeOffset? RefreshExpiresAt { get; set; }
}

internal sealed class AuthorizationCodeRow
{
    public required byte[] Hash { get; set; }
    public required string GrantId { get; set; }
    public required string ClientId { get; set; }
    public string? RedirectUri { get; set; }
    public string? CodeChallenge { get; set; }
    public string? Nonce { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? RedeemedAt { get; set; }
}

internal sealed class ReferenceTokenRow
{
    public required byte[] Hash { get; set; }
    public required string ClientId { get; set; }
    public string? GrantId { get; set; }
    public required string Claims { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
}

internal sealed class RevokedAccessTokenRow
{
    public required string TokenId { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class ReplayedRow
{
    public required string Purpose { get; set; }
    public required byte[] Hash { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class TokenTables :
    IEntityTypeConfiguration<GrantRow>, IEntityTypeConfiguration<AuthorizationCodeRow>, IEntityTypeConfiguration<ReferenceTokenRow>,
    IEntityTypeConfiguration<RevokedAccessTokenRow>, IEntityTypeConfiguration<ReplayedRow>
{
    public void Configure(EntityTypeBuilder<GrantRow> builder)
    {
        builder.ToTable("grants").HasKey(g => g.Id);
        builder.HasOne<User>().WithMany().HasForeignKey(g => g.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(g => g.FamilyHash).IsUnique();
        builder.HasIndex(g => g.SessionId);
        builder.HasIndex(g => g.ExpiresAt);
        builder.HasIndex(g => g.RevokedAt).HasFilter("revoked_at IS NOT NULL");
        builder.HasIndex(g => new { g.UserId, g.ClientId });
    }

    public void Configure(EntityTypeBuilder<AuthorizationCodeRow> builder)
    {
        builder.ToTable("authorization_codes").HasKey(c => c.Hash);
        builder.HasOne<GrantRow>().WithMany().HasForeignKey(c => c.GrantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(c => c.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<ReferenceTokenRow> builder)
    {
        builder.ToTable("reference_tokens").HasKey(t => t.Hash);
        builder.HasOne<GrantRow>().WithMany().HasForeignKey(t => t.GrantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(t => t.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<RevokedAccessTokenRow> builder)
    {
        builder.ToTable("revoked_access_tokens").HasKey(t => t.TokenId);
        builder.HasIndex(t => t.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<ReplayedRow> builder)
    {
        builder.ToTable("replayed").HasKey(r => new { r.Purpose, r.Hash });
        builder.HasIndex(r => r.ExpiresAt);
    }
}
