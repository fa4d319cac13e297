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
}

internal sealed class ScopeRow
{
    public required string Name { get; set; }
    public required string Definition { get; set; }
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
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Kind { get; set; }
    public string? ClientId { get; set; }
    public string? Subject { get; set; }
    public string? SessionId { get; set; }
    public string? Address { get; set; }
    public string? Detail { get; set; }
}

internal sealed class DataProtectionKeyRow
{
    public int Id { get; set; }
    public string? FriendlyName { get; set; }
    public required string Xml { get; set; }
}

internal sealed class RegistryTables :
    IEntityTypeConfiguration<ClientRow>, IEntityTypeConfiguration<ScopeRow>, IEntityTypeConfiguration<SigningKeyRow>,
    IEntityTypeConfiguration<SnapshotVersionRow>, IEntityTypeConfiguration<AuditEventRow>, IEntityTypeConfiguration<DataProtectionKeyRow>
{
    public void Configure(EntityTypeBuilder<ClientRow> builder) => builder.ToTable("clients").HasKey(c => c.ClientId);

    public void Configure(EntityTypeBuilder<ScopeRow> builder) => builder.ToTable("scopes").HasKey(s => s.Name);

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
        builder.HasIndex(e => e.At);
        builder.HasIndex(e => new { e.Subject, e.At });
    }

    public void Configure(EntityTypeBuilder<DataProtectionKeyRow> builder) => builder.ToTable("data_protection_keys").HasKey(k => k.Id);
}
