using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Mail;
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

    /// <summary>The name beside that address. Default: that of the deployment (Branding:Name).</summary>
    public string? FromName { get; set; }

    /// <summary>Encrypt by STARTTLS; a server that does not offer it gets nothing. Default true; false only for a server on the same machine or network, and never with a User elsewhere.</summary>
    public bool UseTls { get; set; } = true;

    /// <summary>Seconds one delivery may take. Default 20.</summary>
    [Range(1, 300)] public int Timeout { get; set; } = 20;

    /// <summary>Letters that may wait; more are dropped with a line in the log. Default 10000.</summary>
    [Range(10, 1_000_000)] public int Queue { get; set; } = 10_000;
}

[OptionsValidator]
public sealed partial class MailOptionsRules : IValidateOptions<MailOptions>;

/// <summary>What the settings must be to each other, said when the server starts and not at the first letter.</summary>
internal sealed class MailOptionsAgree : IValidateOptions<MailOptions>
{
    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        if (options.Host is not { Length: > 0 } host) return ValidateOptionsResult.Success;
        if (options.From is not { Length: > 0 } from) return ValidateOptionsResult.Fail("Mail:Host is set, but Mail:From is not: set it to the address that mail comes from.");
        if (!MailAddress.TryCreate(from, out var parsed) || !string.Equals(parsed.Address, from, StringComparison.Ordinal))
            return ValidateOptionsResult.Fail("Mail:From is not one plain address such as no-reply@example.com; a name beside it belongs into Mail:FromName.");
        if (options.FromName?.Any(char.IsControl) == true) return ValidateOptionsResult.Fail("Mail:FromName holds a line break or another control character.");
        return options.UseTls || options.User is not { Length: > 0 } || IsHere(host)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Mail:UseTls is false, so the password of Mail:User would cross the network readable: set Mail:UseTls to true.");
    }

    private static bool IsHere(string host) => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
