using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthServer.Storage.Tables;

/// <summary>See <see cref="Engine.Interaction.DeviceAuthorization"/>.</summary>
internal sealed class DeviceCodeRow
{
    public required byte[] Hash { get; set; }
    public required byte[] UserCodeHash { get; set; }
    public required string ClientId { get; set; }
    public required string Parameters { get; set; }
    public required string Resources { get; set; }

    /// <summary>Seconds.</summary>
    public int PollInterval { get; set; }
    public DateTimeOffset? LastPolledAt { get; set; }

    /// <summary>About the last poll.</summary>
    public bool TooEarly { get; set; }
    public string? Address { get; set; }
    public string? UserAgent { get; set; }
    public string? GrantId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? DeniedAt { get; set; }
    public DateTimeOffset? RedeemedAt { get; set; }
}

internal sealed class DeviceCodeTable : IEntityTypeConfiguration<DeviceCodeRow>
{
    public void Configure(EntityTypeBuilder<DeviceCodeRow> builder)
    {
        builder.ToTable("device_codes").HasKey(d => d.Hash);
        builder.HasOne<GrantRow>().WithMany().HasForeignKey(d => d.GrantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(d => d.UserCodeHash).IsUnique();
        builder.HasIndex(d => d.ExpiresAt);
    }
}
