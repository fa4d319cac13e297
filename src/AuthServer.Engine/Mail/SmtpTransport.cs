using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using AuthServer.Engine.Protocol;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Mail;

/// <summary>Hands mail to the operator's SMTP server (RFC 5321), encrypted by STARTTLS (RFC 3207) or not at all.</summary>
public sealed class SmtpTransport(IOptions<MailOptions> options, IConfiguration configuration) : IMailTransport
{
    public async Task SendAsync(WrittenLetter letter, CancellationToken ct)
    {
        var settings = options.Value;
        using var smtp = new SmtpClient(settings.Host, settings.Port)
        {
            EnableSsl = settings.UseTls,
            Credentials = settings.User is { Length: > 0 } user ? new NetworkCredential(user, settings.Password) : null,
        };
        using var message = Compose(letter, new MailAddress(settings.From!, settings.FromName is { Length: > 0 } name ? name : LetterWriter.ServiceOf(configuration), Encoding.UTF8));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.Timeout));
        await smtp.SendMailAsync(message, limit.Token);
    }

    private static MailMessage Compose(WrittenLetter letter, MailAddress from)
    {
        var message = new MailMessage { From = from, Subject = letter.Subject, SubjectEncoding = Encoding.UTF8, Body = letter.Text, BodyEncoding = Encoding.UTF8 };
        // By the constructor that takes one address: the other one reads a comma as the next address.
        message.To.Add(new MailAddress(letter.To));
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(letter.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        // RFC 5322 §3.6.4: SmtpClient gives a message no name of its own, and many a filter takes one without for spam.
        message.Headers.Add("Message-ID", $"<{Handle.New().Reveal()}@{from.Host}>");
        // RFC 3834 §5: no holiday notice shall answer.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}
