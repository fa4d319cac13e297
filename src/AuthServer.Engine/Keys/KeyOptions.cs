using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Keys;

/// <summary>Where the key-encryption key comes from and how signing keys change.</summary>
public sealed class KeyOptions
{
    public const string Section = "Keys";

    /// <summary>The key-encryption key itself: 32 bytes as base64. For deployments that hand out secrets by environment variable.</summary>
    public string? EncryptionKey { get; set; }

    /// <summary>A file with the key-encryption key as base64. Default: <c>key-encryption.key</c> in AUTHSERVER_HOME, made at first start.</summary>
    public string? EncryptionKeyFile { get; set; }

    /// <summary>Days a signing key signs. Default 90.</summary>
    [Range(1, 3650)] public int LifetimeDays { get; set; } = 90;

    /// <summary>Days a key stands in the JWKS before it signs, so that every cache has seen it. Default 7.</summary>
    [Range(1, 365)] public int AnnouncementDays { get; set; } = 7;

    /// <summary>Days a key stays in the JWKS after its last signature. Default 30.</summary>
    [Range(1, 3650)] public int RetirementDays { get; set; } = 30;
}

[OptionsValidator]
public sealed partial class KeyOptionsRules : IValidateOptions<KeyOptions>;
