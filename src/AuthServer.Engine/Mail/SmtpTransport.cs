using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Mail;

/// <summary>Hands mail to the operator's SMTP server (RFC 5321).</summary>
public sealed class SmtpTransport(IOptions<MailOptions> options) : IMailTransport
{
    public async Task SendAsync(WrittenLetter letter, CancellationToken ct)
    {
        var settings = options.Value;
        using var smtp = new SmtpClient(settings.Host, settings.Port)
        {
            EnableSsl = settings.UseTls,
            Timeout = settings.Timeout * 1000,
            Credentials = settings.User is { Length: > 0 } user ? new NetworkCredential(user, settings.Password) : null,
        };
        using var message = Compose(letter, settings.From!);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.Timeout));
        await smtp.SendMailAsync(message, limit.Token);
    }

    private static MailMessage Compose(WrittenLetter letter, string from)
    {
        var message = new MailMessage { From = new MailAddress(from), Subject = letter.Subject, SubjectEncoding = Encoding.UTF8, Body = letter.Text, BodyEncoding = Encoding.UTF8 };
        // By the constructor that takes one address: the other one reads a comma as the next address.
        message.To.Add(new MailAddress(letter.To));
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(letter.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        // RFC 3834: no holiday notice shall answer.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}
