using System.Globalization;
using AuthServer.Engine.Mail;
using AuthServer.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.UnitTests.Mail;

public sealed class LetterWriterTests
{
    private static readonly LetterWriter Writer = new ServiceCollection()
        .AddLogging().AddLocalization().AddSingleton<LetterWriter>()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Branding:Name", "Acme & Sons")]).Build())
        .BuildServiceProvider().GetRequiredService<LetterWriter>();

    [Fact]
    public void Every_kind_has_a_subject_and_words_and_leaves_no_hole()
    {
        foreach (var kind in Enum.GetValues<MailKind>())
        {
            var hasLink = kind is MailKind.ConfirmEmail or MailKind.ResetPassword or MailKind.ConfirmNewAddress;
            var written = Write(kind, hasLink ? ("link", "https://issuer.example/reset?code=abc") : ("code", "123456"), ("when", "now"), ("where", "192.0.2.1"), ("device", "Firefox"), ("what", "PasskeyAdded"));
            foreach (var text in new[] { written.Subject, written.Text, written.Html })
            {
                Assert.DoesNotContain(kind + "_", text, StringComparison.Ordinal);
                Assert.DoesNotMatch(@"\{[a-z0-9]+\}", text);
            }

            Assert.Contains(hasLink ? "https://issuer.example/reset?code=abc" : "123456", written.Text, StringComparison.Ordinal);
            Assert.Contains("When: now", written.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Markup_in_a_value_stays_text()
    {
        var written = Writer.Write(new Letter { Kind = MailKind.NewDevice, To = "a@example.com", Name = "<b>Eve</b>", Values = new Dictionary<string, string> { ["device"] = "<script>alert(1)</script>" } });
        Assert.DoesNotContain("<script", written.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<b>", written.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Acme &amp; Sons", written.Html, StringComparison.Ordinal);
        Assert.Contains("<script>alert(1)</script>", written.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_looks_like_a_place_in_the_page_is_not_filled()
    {
        var written = Writer.Write(new Letter { Kind = MailKind.ConfirmEmail, To = "a@example.com", Name = "{action}{close}", Values = new Dictionary<string, string> { ["link"] = "https://issuer.example/confirm?code=abc" } });
        Assert.Contains("Hello {action}{close},", written.Html, StringComparison.Ordinal);
        Assert.Equal(1, written.Html.Split("<a ").Length - 1);
    }

    [Fact, Spec("ASVS 1.2.1")]
    public void A_line_break_in_a_value_begins_no_line_of_its_own()
    {
        var written = Write(MailKind.AddressChanged, ("what", "new@example.com\r\nBcc: everybody@example.com"), ("device", "x\nWhen: never"));
        Assert.DoesNotContain("\nBcc:", written.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nWhen: never", written.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', written.Subject);
    }

    [Fact]
    public void A_culture_that_nobody_knows_does_not_keep_the_letter_back()
    {
        var before = CultureInfo.CurrentUICulture;
        Assert.NotEmpty(Writer.Write(new Letter { Kind = MailKind.PasswordChanged, To = "a@example.com", Culture = "no such culture!" }).Text);
        Assert.Equal(before, CultureInfo.CurrentUICulture);
    }

    private static WrittenLetter Write(MailKind kind, params (string Name, string Value)[] values) =>
        Writer.Write(new Letter { Kind = kind, To = "alice@example.com", Name = "Alice", Values = values.ToDictionary(v => v.Name, v => v.Value) });
}
