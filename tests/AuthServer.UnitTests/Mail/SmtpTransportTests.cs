using System.Text;
using AuthServer.Engine.Mail;
using AuthServer.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthServer.UnitTests.Mail;

/// <summary>What goes over the wire to the operator's SMTP server.</summary>
public sealed class SmtpTransportTests
{
    private const string Link = "https://issuer.example/reset?code=secret-handle";

    [Fact, Spec("RFC 5322 §3.6.4"), Spec("RFC 3834 §5")]
    public async Task A_letter_has_a_name_and_a_date_and_says_that_a_machine_wrote_it()
    {
        await using var server = new SmtpServer();
        await Transport(server).SendAsync(Of("alice@example.com", "Hello"), CancellationToken.None);
        await Transport(server).SendAsync(Of("alice@example.com", "Hello"), CancellationToken.None);
        Assert.Equal(2, server.Lines.Where(static line => line.StartsWith("Message-ID: <", StringComparison.OrdinalIgnoreCase) && line.EndsWith("@example.com>", StringComparison.Ordinal)).Distinct().Count());
        Assert.Contains("Auto-Submitted: auto-generated", server.Text, StringComparison.Ordinal);
        Assert.Contains("\nDate: ", server.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"Acme & Sons\" <no-reply@example.com>", server.Text, StringComparison.Ordinal);
    }

    [Fact, Spec("RFC 2046 §5.1.4")]
    public async Task The_text_comes_before_the_html()
    {
        await using var server = new SmtpServer();
        await Transport(server).SendAsync(Of("alice@example.com", "Grüße"), CancellationToken.None);
        Assert.Contains("multipart/alternative", server.Text, StringComparison.Ordinal);
        var (text, html) = (server.Text.IndexOf("text/plain", StringComparison.Ordinal), server.Text.IndexOf("text/html", StringComparison.Ordinal));
        Assert.True(text > 0 && html > text);
        // Whatever the transfer encoding is, the words arrive.
        Assert.Contains(server.Lines, line => line.Contains("=?utf-8?", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("reset", Decoded(server.Text, "text/plain"), StringComparison.Ordinal);
    }

    [Theory, Spec("ASVS 1.3.11")]
    [InlineData("a@example.com,b@example.com"), InlineData("a@example.com\r\nBcc: b@example.com"), InlineData("a@example.com>\r\nRCPT TO:<b@example.com")]
    public async Task One_letter_goes_to_one_address(string to)
    {
        await using var server = new SmtpServer();
        await Assert.ThrowsAnyAsync<Exception>(() => Transport(server).SendAsync(Of(to, "Hello"), CancellationToken.None));
        Assert.DoesNotContain("b@example.com", server.Text, StringComparison.Ordinal);
    }

    [Fact, Spec("ASVS 1.3.11")]
    public async Task A_line_break_in_a_subject_begins_no_header()
    {
        await using var server = new SmtpServer();
        await Assert.ThrowsAnyAsync<Exception>(() => Transport(server).SendAsync(Of("alice@example.com", "Hello\r\nBcc: b@example.com"), CancellationToken.None));
        Assert.DoesNotContain("Bcc", server.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact, Spec("RFC 3207 §4"), Spec("ASVS 12.3.1")]
    public async Task A_server_that_does_not_encrypt_gets_neither_a_letter_nor_the_password()
    {
        await using var server = new SmtpServer();
        await Assert.ThrowsAnyAsync<Exception>(() => Transport(server, o => (o.UseTls, o.User, o.Password) = (true, "mailer", "smtp-secret")).SendAsync(Of("alice@example.com", "Hello"), CancellationToken.None));
        Assert.DoesNotContain("AUTH", server.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("alice", server.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_not_waited_for_longer_than_the_timeout()
    {
        await using var server = new SmtpServer { Silent = true };
        await Assert.ThrowsAnyAsync<Exception>(() => Transport(server, static o => o.Timeout = 1).SendAsync(Of("alice@example.com", "Hello"), CancellationToken.None)).WaitAsync(TimeSpan.FromSeconds(15));
    }

    private static SmtpTransport Transport(SmtpServer server, Action<MailOptions>? change = null)
    {
        var options = new MailOptions { Host = "127.0.0.1", Port = server.Port, From = "no-reply@example.com", UseTls = false };
        change?.Invoke(options);
        return new SmtpTransport(Options.Create(options), new ConfigurationBuilder().AddInMemoryCollection([new("Branding:Name", "Acme & Sons")]).Build());
    }

    private static WrittenLetter Of(string to, string subject) => new(to, subject, $"{subject}\n\n{Link}\n", $"<p><a href=\"{Link}\">{subject}</a></p>");

    /// <summary>The part of this type, in words.</summary>
    private static string Decoded(string letter, string type)
    {
        var part = letter[letter.IndexOf(type, StringComparison.Ordinal)..];
        var head = part[..part.IndexOf("\n\n", StringComparison.Ordinal)];
        var body = part[(head.Length + 2)..part.IndexOf("\n--", StringComparison.Ordinal)];
        return head.Contains("base64", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(string.Concat(body.Split('\n')))) : body;
    }
}
