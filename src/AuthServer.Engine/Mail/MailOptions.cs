using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Mail;

/// <summary>How mail leaves this server. Without a host it goes into a folder in Development, and nowhere in Production.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>The SMTP server that takes our mail. Default: none.</summary>
    public string? Host { get; set; }

    /// <summary>Its port. Default 587.</summary>
    [Range(1, 65_535)] public int Port { get; set; } = 587;

    /// <summary>Name to sign in with at the SMTP server. Default: none.</summary>
    public string? User { get; set; }

    /// <summary>Password of <see cref="User"/>. Default: none.</summary>
    public string? Password { get; set; }

    /// <summary>The sender's address, e.g. no-reply@example.com. Needed where a host is set.</summary>
    public string? From { get; set; }

    /// <summary>Encrypt by STARTTLS. Default true; false only for a server on the same machine.</summary>
    public bool UseTls { get; set; } = true;

    /// <summary>Seconds one delivery may take. Default 20.</summary>
    [Range(1, 300)] public int Timeout { get; set; } = 20;

    /// <summary>Letters that may wait; more are dropped with a line in the log. Default 10000.</summary>
    [Range(10, 1_000_000)] public int Queue { get; set; } = 10_000;
}

[OptionsValidator]
public sealed partial class MailOptionsRules : IValidateOptions<MailOptions>;
