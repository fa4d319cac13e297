using AuthServer.Engine.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Storage.Tables;

internal sealed class SessionRow
{
    public required string Id { get; set; }
    public required string UserId { get; set; }
    public required byte[] KeyHash { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset AuthTime { get; set; }
    public required string Amr { get; set; }
    public required string Acr { get; set; }
    public DateTimeOffset LastSeenAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public string? Address { get; set; }
    public string? UserAgent { get; set; }
    public bool Persistent { get; set; }
}

internal sealed class PendingAuthorizationRow
{
    public required byte[] Hash { get; set; }
    public required string ClientId { get; set; }
    public required string Parameters { get; set; }
    public required string Resources { get; set; }
    public required string Proofs { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class PushedRequestRow
{
    public required byte[] Hash { get; set; }
    public required string ClientId { get; set; }
    public required string Parameters { get; set; }
    public required string Resources { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class ConsentRow
{
    public required string UserId { get; set; }
    public required string ClientId { get; set; }
    public required string Scopes { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }
}

internal sealed class SignInFailureRow
{
    public required string AccountKey { get; set; }
    public required string SourceKey { get; set; }
    public int Failures { get; set; }
    public DateTimeOffset LastAt { get; set; }
    public DateTimeOffset? BlockedUntil { get; set; }
}

internal sealed class SetupCodeRow
{
    public required byte[] Hash { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
}

internal sealed class InteractionTables :
    IEntityTypeConfiguration<SessionRow>, IEntityTypeConfiguration<PendingAuthorizationRow>, IEntityTypeConfiguration<PushedRequestRow>,
    IEntityTypeConfiguration<ConsentRow>, IEntityTypeConfiguration<SignInFailureRow>, IEntityTypeConfiguration<SetupCodeRow>
{
    public void Configure(EntityTypeBuilder<SessionRow> builder)
    {
        builder.ToTable("sessions").HasKey(s => s.Id);
        builder.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(s => s.ExpiresAt);
        // The administration's list, the newest first.
        builder.HasIndex(s => new { s.CreatedAt, s.Id });
        builder.HasIndex(s => s.EndedAt).HasFilter("ended_at IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<PendingAuthorizationRow> builder)
    {
        builder.ToTable("pending_authorizations").HasKey(p => p.Hash);
        builder.HasIndex(p => p.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<PushedRequestRow> builder)
    {
        builder.ToTable("pushed_requests").HasKey(p => p.Hash);
        builder.HasIndex(p => p.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<ConsentRow> builder)
    {
        builder.ToTable("consents").HasKey(c => new { c.UserId, c.ClientId });
        builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<SignInFailureRow> builder)
    {
        builder.ToTable("sign_in_failures").HasKey(f => new { f.AccountKey, f.SourceKey });
        builder.HasIndex(f => f.LastAt);
    }

    public void Configure(EntityTypeBuilder<SetupCodeRow> builder) => builder.ToTable("setup_codes").HasKey(c => c.Hash);
}
