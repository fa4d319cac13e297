using AuthServer.Engine.Mail;
using AuthServer.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthServer.UnitTests.Mail;

/// <summary>Which way mail takes by the settings, and which settings are refused.</summary>
public sealed class MailRegistrationTests : IDisposable
{
    private readonly CapturedLog _log = new();
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "mail" + Guid.NewGuid().ToString("N"));

    [Fact]
    public void Without_an_smtp_server_Production_sends_nothing_and_says_once_what_to_set()
    {
        using var services = Build("Production");
        Assert.IsType<NoTransport>(services.GetRequiredService<IMailTransport>());
        Assert.NotNull(services.GetRequiredService<PostOffice>());
        Assert.Contains("Mail:Host", Assert.Single(_log.Lines, static line => line.StartsWith("Warning", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Development_keeps_letters_in_a_folder_unless_there_is_an_smtp_server()
    {
        using var without = Build("Development");
        Assert.IsType<FolderTransport>(without.GetRequiredService<IMailTransport>());
        using var with = Build("Development", ("Host", "mail.example.com"), ("From", "no-reply@example.com"));
        Assert.IsType<SmtpTransport>(with.GetRequiredService<IMailTransport>());
    }

    [Fact]
    public async Task The_folder_keeps_the_newest_letters_whole()
    {
        using var services = Build("Development");
        var folder = services.GetRequiredService<FolderTransport>();
        for (var i = 0; i < 205; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await folder.SendAsync(new WrittenLetter($"person{i}@example.com", $"Letter {i}", $"text {i}", $"<p>{i}</p>"), CancellationToken.None);
        }

        var kept = await folder.ListAsync(CancellationToken.None);
        Assert.Equal(200, kept.Count);
        Assert.Equal(400, Directory.GetFiles(_folder).Length);
        Assert.Equal(("person204@example.com", "Letter 204", "text 204", "<p>204</p>", _clock.GetUtcNow()), (kept[0].To, kept[0].Subject, kept[0].Text, kept[0].Html, kept[0].At));
        Assert.Equal("Letter 5", kept[^1].Subject);
    }

    [Theory]
    [InlineData("no-reply@example.com", true, "Host", "mail.example.com"), InlineData("no-reply@example.com", true, "User", "mailer")]
    [InlineData("", false, "Port", "25"), InlineData("Acme <no-reply@example.com>", false, "Port", "25"), InlineData("a@example.com, b@example.com", false, "Port", "25"), InlineData("nobody", false, "Port", "25")]
    [InlineData("no-reply@example.com", false, "FromName", "Acme\r\nBcc: b@example.com"), InlineData("no-reply@example.com", false, "Port", "0"), InlineData("no-reply@example.com", false, "Hots", "x")]
    public void What_cannot_work_is_said_when_the_server_starts(string from, bool good, string name, string value)
    {
        using var services = Build("Production", ("Host", "mail.example.com"), ("From", from), (name, value));
        var fault = Record.Exception(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(good, fault is null);
    }

    [Theory, Spec("ASVS 12.3.1")]
    [InlineData("mail.example.com", false), InlineData("127.0.0.1.example.com", false), InlineData("localhost", true), InlineData("127.0.0.1", true), InlineData("::1", true)]
    public void A_password_for_the_smtp_server_crosses_no_network_readable(string host, bool good)
    {
        using var services = Build("Production", ("Host", host), ("From", "no-reply@example.com"), ("User", "mailer"), ("Password", "smtp-secret"), ("UseTls", "false"));
        var fault = Record.Exception(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(good, fault is null);
        Assert.DoesNotContain("smtp-secret", fault?.ToString() ?? "", StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private ServiceProvider Build(string environment, params (string Name, string Value)[] settings) => new ServiceCollection()
        .AddLogging(l => l.AddProvider(_log)).AddSingleton<TimeProvider>(_clock).AddSingleton<IHostEnvironment>(new Place(environment))
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.GroupBy(s => s.Name).Select(s => KeyValuePair.Create("Mail:" + s.Key, (string?)s.Last().Value))).Build())
        .AddMail(_ => _folder).BuildServiceProvider();

    private sealed class Place(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;
        public string ApplicationName { get; set; } = "";
        public string ContentRootPath { get; set; } = "";
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
