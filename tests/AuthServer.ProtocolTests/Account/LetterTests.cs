using System.Collections.Concurrent;
using AuthServer.Engine.Mail;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AuthServer.ProtocolTests.Account;

/// <summary>A person is told by mail what was done to their account, for it may have been somebody else.</summary>
[Spec("ASVS 6.3.7")]
public sealed class LetterTests : IAsyncLifetime
{
    private readonly Post _post = new();
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(new TestServerSettings { Services = s => s.Replace(ServiceDescriptor.Singleton<IPostOffice>(_post)) });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private async Task ChangeAndDeleteAsync(string name, bool verified)
    {
        var user = await _server.AddUserAsync(name, $$"""{"email":"{{name}}@example.com","email_verified":{{(verified ? "true" : "false")}}}""");
        using var browser = await AccountServer.SignedInAsync(_server, user);
        await browser.SubmitAsync(await browser.GetAsync("/account/password"), new Dictionary<string, string> { ["current"] = user.Password, ["new"] = "seven unrelated garden chairs" });
        await browser.SubmitAsync(await browser.GetAsync("/account/delete"), new Dictionary<string, string> { ["name"] = name });
    }

    private List<Letter> ToldOf(string name) => [.. _post.Letters.Where(l => l.To == name + "@example.com" && l.Kind is MailKind.PasswordChanged or MailKind.AccountDeleted)];

    [Fact]
    public async Task A_changed_password_and_a_deleted_account_are_told()
    {
        await ChangeAndDeleteAsync("alice", verified: true);

        var letters = ToldOf("alice");
        Assert.Equal([MailKind.PasswordChanged, MailKind.AccountDeleted], letters.Select(l => l.Kind));
        Assert.All(letters, l => Assert.Equal("2026-06-01 12:00 UTC", l.Values["when"]));
    }

    [Fact]
    public async Task An_address_that_may_be_somebody_elses_is_told_nothing()
    {
        await ChangeAndDeleteAsync("bob", verified: false);

        Assert.Empty(ToldOf("bob"));
    }

    private sealed class Post : IPostOffice
    {
        public ConcurrentQueue<Letter> Letters { get; } = new();

        void IPostOffice.Post(Letter letter) => Letters.Enqueue(letter);
    }
}
