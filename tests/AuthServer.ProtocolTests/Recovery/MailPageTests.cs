using System.Net;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Mail;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AuthServer.ProtocolTests.Recovery;

/// <summary>The page that shows Development's letters, and what asking for a link costs.</summary>
public sealed class MailPageTests
{
    [Fact]
    public async Task Development_shows_its_letters_and_their_links_lead_on()
    {
        await using var server = await TestServer.StartAsync(new TestServerSettings
        {
            Environment = "Development", Settings = { ["Issuer"] = "https://auth.test" },
            Services = static services => services.Replace(ServiceDescriptor.Singleton<IMailTransport>(static s => s.GetRequiredService<FolderTransport>())),
        });
        using var browser = server.NewBrowser();
        await browser.SubmitAsync(await browser.GetAsync("/register"), new Dictionary<string, string> { ["username"] = "alice", ["email"] = "alice@example.com", ["password"] = TestServer.Password });
        var list = await browser.GetAsync("/dev/mail");
        var letter = await browser.GetAsync(list.Document.QuerySelector("a.list-title")!.GetAttribute("href")!);
        Assert.Contains("alice@example.com", letter.Html, StringComparison.Ordinal);
        var confirm = await browser.GetAsync(letter.Document.QuerySelector(".letter a")!.GetAttribute("href")!);
        Assert.Equal(("/confirm", HttpStatusCode.OK), (confirm.Url.AbsolutePath, (await browser.SubmitAsync(confirm, new Dictionary<string, string>())).Status));
        foreach (var wrong in new[] { "/dev/mail/nothing", "/dev/mail/..%2f..%2fauthserver.db" }) Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(wrong)).Status);
    }

    [Fact, Spec("ASVS 13.4.2")]
    public async Task Production_shows_nobody_any_letter()
    {
        await using var server = await TestServer.StartAsync();
        Directory.CreateDirectory(Path.Combine(server.Home, "mail"));
        await File.WriteAllTextAsync(Path.Combine(server.Home, "mail", "1.txt"), "To: a@example.com\nSubject: Hello\nDate: Mon, 01 Jun 2026 12:00:00 GMT\n\ntext");
        foreach (var path in new[] { "/dev/mail", "/dev/mail/1" }) Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync(path)).StatusCode);
    }

    [Fact, Spec("ASVS 6.3.8")]
    public async Task Neither_a_known_nor_an_unknown_name_costs_a_hash()
    {
        var hashes = new Hashes();
        await using var server = await TestServer.StartAsync(new TestServerSettings
        {
            Services = services =>
            {
                var own = services.Last(static d => d.ServiceType == typeof(IPasswordHasher<User>)).ImplementationType!;
                services.Replace(ServiceDescriptor.Scoped<IPasswordHasher<User>>(s => new CountingHasher((IPasswordHasher<User>)ActivatorUtilities.CreateInstance(s, own), hashes)));
            },
        });
        await server.AddUserAsync("alice", """{"email":"alice@example.com","email_verified":true}""");
        Assert.Equal(1, hashes.Count);
        foreach (var name in new[] { "alice", "alice@example.com", "nobody" })
        {
            using var browser = server.NewBrowser();
            Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAsync(await browser.GetAsync("/forgot"), new Dictionary<string, string> { ["username"] = name })).Status);
        }

        Assert.Equal(2, (await server.Mail.ToAsync("alice@example.com")).Count);
        Assert.Equal(1, hashes.Count);
    }

    private sealed class Hashes
    {
        private int _count;

        public int Count => _count;

        public void Add() => Interlocked.Increment(ref _count);
    }

    private sealed class CountingHasher(IPasswordHasher<User> inner, Hashes hashes) : IPasswordHasher<User>
    {
        public string HashPassword(User user, string password)
        {
            hashes.Add();
            return inner.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            hashes.Add();
            return inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
