using AuthServer.Engine.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Storage.Tables;

/// <summary>See <see cref="Engine.Tickets.StoredTicket"/>.</summary>
internal sealed class TicketRow
{
    public required string Purpose { get; set; }
    public required byte[] Hash { get; set; }
    public string? UserId { get; set; }
    public required string Payload { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>A person's authenticator app (RFC 6238).</summary>
internal sealed class AuthenticatorAppRow
{
    public required string UserId { get; set; }

    /// <summary>The seed under the key-encryption key.</summary>
    public required byte[] Secret { get; set; }

    /// <summary>The time step whose code was used last; codes up to it are spent.</summary>
    public long LastStep { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }
}

internal sealed class RecoveryCodeRow
{
    public required string UserId { get; set; }
    public required byte[] Hash { get; set; }

    /// <summary>One for the whole set, so that a try costs one slow hash.</summary>
    public required byte[] Salt { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>A browser in which a person signed in before.</summary>
internal sealed class DeviceRow
{
    public required string UserId { get; set; }

    /// <summary>SHA-256 of the handle in the browser's device cookie.</summary>
    public required byte[] Hash { get; set; }
    public DateTimeOffset FirstSeenAt { get; set; }
    public DateTimeOffset LastSeenAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Until when no second factor is asked for here; null: always asked.</summary>
    public DateTimeOffset? TrustedUntil { get; set; }
    public string? Address { get; set; }
    public string? UserAgent { get; set; }
}

/// <summary>When a passkey was used last: Identity's own row has no place for it.</summary>
internal sealed class PasskeyUseRow
{
    public required byte[] CredentialId { get; set; }
    public required string UserId { get; set; }
    public DateTimeOffset LastUsedAt { get; set; }
}

internal sealed class AccountTables :
    IEntityTypeConfiguration<TicketRow>, IEntityTypeConfiguration<AuthenticatorAppRow>, IEntityTypeConfiguration<RecoveryCodeRow>,
    IEntityTypeConfiguration<DeviceRow>, IEntityTypeConfiguration<PasskeyUseRow>
{
    public void Configure(EntityTypeBuilder<TicketRow> builder)
    {
        builder.ToTable("tickets").HasKey(t => new { t.Purpose, t.Hash });
        builder.HasOne<User>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(t => t.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<AuthenticatorAppRow> builder)
    {
        builder.ToTable("authenticator_apps").HasKey(a => a.UserId);
        builder.HasOne<User>().WithMany().HasForeignKey(a => a.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<RecoveryCodeRow> builder)
    {
        builder.ToTable("recovery_codes").HasKey(c => new { c.UserId, c.Hash });
        builder.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<DeviceRow> builder)
    {
        builder.ToTable("devices").HasKey(d => new { d.UserId, d.Hash });
        builder.HasOne<User>().WithMany().HasForeignKey(d => d.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(d => d.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<PasskeyUseRow> builder)
    {
        builder.ToTable("passkey_uses").HasKey(u => u.CredentialId);
        builder.HasOne<User>().WithMany().HasForeignKey(u => u.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
