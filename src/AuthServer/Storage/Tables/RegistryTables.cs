using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Storage.Tables;

internal sealed class ClientRow
{
    public required string ClientId { get; set; }

    /// <summary>RFC 7591 metadata as JSON.</summary>
    public required string Metadata { get; set; }

    /// <summary>Hashes (and, for client_secret_jwt, wrapped values) as JSON.</summary>
    public required string Secrets { get; set; }

    /// <summary>Tells whether the settings' declaration changed since it was applied.</summary>
    public string? DeclaredFingerprint { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Grows with each write, so that nobody overwrites what they have not seen.</summary>
    public long Version { get; set; }
}

internal sealed class ScopeRow
{
    public required string Name { get; set; }
    public required string Definition { get; set; }
    public long Version { get; set; }
}

internal sealed class SigningKeyRow
{
    public required string Kid { get; set; }
    public required string Kty { get; set; }

    /// <summary>The step of the rotation it was made for; unique, so two nodes make one key.</summary>
    public required string Slot { get; set; }
    public required byte[] Wrapped { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ActiveFrom { get; set; }
    public DateTimeOffset RetiredFrom { get; set; }
    public DateTimeOffset RemovedFrom { get; set; }
}

/// <summary>A counter per snapshot (clients, keys) that every write moves, so that other nodes notice.</summary>
internal sealed class SnapshotVersionRow
{
    public required string Name { get; set; }
    public long Version { get; set; }
}

internal sealed class AuditEventRow
{
    /// <summary>The place in the chain: without gaps but for what the retention took from its beginning.</summary>
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Kind { get; set; }
    public string? ClientId { get; set; }
    public string? Subject { get; set; }
    public string? SessionId { get; set; }
    public string? Address { get; set; }
    public string? Detail { get; set; }
    public string? Actor { get; set; }
    public string? Target { get; set; }

    /// <summary>See <see cref="Engine.Audit.AuditChain"/>; null in lines older than the chain.</summary>
    public byte[]? Hash { get; set; }
}

/// <summary>The last line that the retention took away: what is left is chained to it.</summary>
internal sealed class AuditAnchorRow
{
    public long Id { get; set; }
    public byte[]? Hash { get; set; }
    public DateTimeOffset At { get; set; }
}

/// <summary>How often something happened in one hour.</summary>
internal sealed class StatisticRow
{
    /// <summary>The hour's beginning.</summary>
    public DateTimeOffset At { get; set; }
    public required string Name { get; set; }
    public long Value { get; set; }
}

internal sealed class DataProtectionKeyRow
{
    public int Id { get; set; }
    public string? FriendlyName { get; set; }
    public required string Xml { get; set; }
}

internal sealed class RegistryTables :
    IEntityTypeConfiguration<ClientRow>, IEntityTypeConfiguration<ScopeRow>, IEntityTypeConfiguration<SigningKeyRow>,
    IEntityTypeConfiguration<SnapshotVersionRow>, IEntityTypeConfiguration<AuditEventRow>, IEntityTypeConfiguration<AuditAnchorRow>,
    IEntityTypeConfiguration<StatisticRow>, IEntityTypeConfiguration<DataProtectionKeyRow>
{
    public void Configure(EntityTypeBuilder<ClientRow> builder)
    {
        builder.ToTable("clients").HasKey(c => c.ClientId);
        builder.Property(c => c.Version).HasDefaultValue(1L);
    }

    public void Configure(EntityTypeBuilder<ScopeRow> builder)
    {
        builder.ToTable("scopes").HasKey(s => s.Name);
        builder.Property(s => s.Version).HasDefaultValue(1L);
    }

    public void Configure(EntityTypeBuilder<SigningKeyRow> builder)
    {
        builder.ToTable("signing_keys").HasKey(k => k.Kid);
        builder.HasIndex(k => k.Slot).IsUnique();
    }

    public void Configure(EntityTypeBuilder<SnapshotVersionRow> builder)
    {
        builder.ToTable("snapshot_versions").HasKey(v => v.Name);
        builder.HasData(new SnapshotVersionRow { Name = "clients", Version = 1 }, new SnapshotVersionRow { Name = "keys", Version = 1 });
    }

    public void Configure(EntityTypeBuilder<AuditEventRow> builder)
    {
        builder.ToTable("audit_events").HasKey(e => e.Id);
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.HasIndex(e => e.At);
        builder.HasIndex(e => new { e.Subject, e.At });
        // Few lines have them: issuing tokens does not pay for these.
        builder.HasIndex(e => new { e.Actor, e.Id }).HasFilter("actor IS NOT NULL");
        builder.HasIndex(e => new { e.Target, e.Id }).HasFilter("target IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<AuditAnchorRow> builder)
    {
        builder.ToTable("audit_anchors").HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
    }

    public void Configure(EntityTypeBuilder<StatisticRow> builder) => builder.ToTable("statistics").HasKey(s => new { s.At, s.Name });

    public void Configure(EntityTypeBuilder<DataProtectionKeyRow> builder) => builder.ToTable("data_protection_keys").HasKey(k => k.Id);
}
