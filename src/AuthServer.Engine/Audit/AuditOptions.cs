using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Audit;

/// <summary>How long the audit trail is kept.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>Days a line is kept; 0: for ever. Default 400. What goes is taken from the beginning of the chain, and the chain remembers where it was cut.</summary>
    [Range(0, 36_500)] public int RetentionDays { get; set; } = 400;
}

[OptionsValidator]
public sealed partial class AuditOptionsRules : IValidateOptions<AuditOptions>;
