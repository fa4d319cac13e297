using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Tokens;

/// <summary>How long what this server issues is good for. A client's own settings come first.</summary>
public sealed class TokenOptions
{
    public const string Section = "Tokens";

    /// <summary>Seconds. RFC 6749 §4.1.2 recommends at most 600. Default 60.</summary>
    [Range(10, 600)] public int AuthorizationCodeLifetime { get; set; } = 60;

    /// <summary>Seconds. Default 900 (15 minutes).</summary>
    [Range(30, 86_400)] public int AccessTokenLifetime { get; set; } = 900;

    /// <summary>Seconds. Default 900.</summary>
    [Range(30, 86_400)] public int IdTokenLifetime { get; set; } = 900;

    /// <summary>Seconds from the grant's beginning to its absolute end. Default 2,592,000 (30 days).</summary>
    [Range(60, 31_536_000)] public int RefreshTokenLifetime { get; set; } = 2_592_000;

    /// <summary>Seconds in which the last refresh request may be repeated and gets the same answer (a lost response, two tabs). Default 10.</summary>
    [Range(0, 60)] public int RefreshTokenRepeatWindow { get; set; } = 10;

    /// <summary>Seconds a pushed authorization request waits for its browser (RFC 9126 §2.2). Default 90.</summary>
    [Range(5, 600)] public int PushedRequestLifetime { get; set; } = 90;

    /// <summary>Seconds a device waits for its person (RFC 8628 §3.2). Default 600.</summary>
    [Range(60, 1800)] public int DeviceCodeLifetime { get; set; } = 600;

    /// <summary>Seconds that a device waits between two questions (RFC 8628 §3.2); five more after each one that comes too early. Default 5.</summary>
    [Range(1, 60)] public int DevicePollingInterval { get; set; } = 5;
}

[OptionsValidator]
public sealed partial class TokenOptionsRules : IValidateOptions<TokenOptions>;
