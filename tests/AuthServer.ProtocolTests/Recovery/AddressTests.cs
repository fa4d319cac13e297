using System.Collections.Concurrent;
using System.Net;
using AuthServer.Engine.Accounts;
using AuthServer.ProtocolTests.Security;
using AuthServer.ProtocolTests.SignIn;
using AuthServer.Storage;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Recovery;

/// <summary>Whose address is whose: confirmed by a link, changed by another one, one person's at a time.</summary>
public abstract class AddressTests(AttackedServer shared)
{
    private static int _people;

    private TestServer Server => shared.Server;

    [Fact, Spec("ASVS 6.4.1")]
    public async Task Registration_sends_a_link_that_confirms_once_by_its_button()
    {
        var (browser, name) = await RegisterAsync(NewName() + "@example.com");
        using var _ = browser;
        var link = await Server.Mail.LinkAsync(name.Mail);
        var form = await browser.GetAsync(link);
        Assert.False((await FindAsync(name.User)).EmailConfirmed);

        Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAsync(form, new Dictionary<string, string>())).Status);
        Assert.True((await FindAsync(name.User)).EmailConfirmed);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(link)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(form, new Dictionary<string, string>())).Status);
        using var again = Server.NewBrowser();
        Assert.Equal("/account", (await again.SignInAsync(await again.GetAsync("/login"), name.Mail, TestServer.Password)).Url.AbsolutePath);
    }

    [Fact, Spec("ASVS 6.3.8")]
    public async Task Registering_somebody_elses_address_looks_the_same_and_only_its_owner_is_told()
    {
        var mail = NewName() + "@example.com";
        await Server.AddUserAsync(NewName(), $$"""{"email":"{{mail}}","email_verified":true}""");
        var (browser, name) = await RegisterAsync(mail);
        using var _ = browser;
        Assert.Equal("/account", (await browser.GetAsync("/account")).Url.AbsolutePath);
        var letter = await Server.Mail.LastAsync(mail);
        Assert.DoesNotContain("/confirm", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(name.User, letter.Text, StringComparison.Ordinal);
    }

    [Fact, Spec("ASVS 6.4.1")]
    public async Task Two_accounts_that_confirm_one_address_in_the_same_moment_do_not_both_get_it()
    {
        for (var round = 0; round < 5; round++)
        {
            var mail = NewName() + "@example.com";
            var (first, firstName) = await RegisterAsync(mail);
            var firstLink = await Server.Mail.LinkAsync(mail);
            var (second, secondName) = await RegisterAsync(mail);
            var secondLink = await Server.Mail.LinkAsync(mail);
            Assert.NotEqual(firstLink, secondLink);
            var (a, b) = (await first.GetAsync(firstLink), await second.GetAsync(secondLink));
            var answers = await Task.WhenAll(first.SubmitAsync(a, new Dictionary<string, string>()), second.SubmitAsync(b, new Dictionary<string, string>()));
            Assert.Equal(1, answers.Count(page => page.Status == HttpStatusCode.OK));
            Assert.NotEqual((await FindAsync(firstName.User)).EmailConfirmed, (await FindAsync(secondName.User)).EmailConfirmed);
            first.Dispose();
            second.Dispose();
        }
    }

    [Fact, Spec("ASVS 6.3.7")]
    public async Task A_change_counts_when_the_new_address_is_confirmed_and_both_are_told()
    {
        var (old, wanted) = (NewName() + "@example.com", NewName() + "@example.com");
        var user = await Server.AddUserAsync(NewName(), $$"""{"email":"{{old}}","email_verified":true}""");
        using var browser = Server.NewBrowser();
        await Steps.PasswordAsync(browser, user);
        await browser.SubmitAsync(await browser.GetAsync("/account/email"), new Dictionary<string, string> { ["email"] = wanted }, "change");
        Assert.Equal(old, (await FindAsync(user.UserName)).Email);
        Assert.Contains(wanted, (await Server.Mail.LastAsync(old)).Text, StringComparison.Ordinal);

        var link = await Server.Mail.LinkAsync(wanted);
        Assert.StartsWith("/confirm?code=", link, StringComparison.Ordinal);
        using var elsewhere = Server.NewBrowser();
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.SubmitAsync(await elsewhere.GetAsync(link), new Dictionary<string, string>())).Status);
        var changed = await FindAsync(user.UserName);
        Assert.Equal((wanted, true), (changed.Email, changed.EmailConfirmed));
    }

    [Fact, Spec("ASVS 6.3.7")]
    public async Task Whoever_answers_a_strange_change_by_a_new_password_has_ended_it()
    {
        var (old, strange) = (NewName() + "@example.com", NewName() + "@example.com");
        var user = await Server.AddUserAsync(NewName(), $$"""{"email":"{{old}}","email_verified":true}""");
        using var intruder = Server.NewBrowser();
        await Steps.PasswordAsync(intruder, user);
        await intruder.SubmitAsync(await intruder.GetAsync("/account/email"), new Dictionary<string, string> { ["email"] = strange }, "change");
        var link = await Server.Mail.LinkAsync(strange);

        using var owner = Server.NewBrowser();
        await owner.SubmitAsync(await owner.GetAsync("/forgot"), new Dictionary<string, string> { ["username"] = old });
        var reset = await owner.GetAsync(await Server.Mail.LinkAsync(old));
        Assert.Equal(HttpStatusCode.OK, (await owner.SubmitAsync(reset, new Dictionary<string, string> { ["password"] = "a brand new pass phrase" })).Status);

        using var stranger = Server.NewBrowser();
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.SubmitAsync(await stranger.GetAsync(link), new Dictionary<string, string>())).Status);
        Assert.Equal(old, (await FindAsync(user.UserName)).Email);
    }

    [Fact, Spec("ASVS 6.4.1")]
    public async Task A_link_for_a_new_password_in_a_mailbox_that_was_left_does_nothing()
    {
        var (old, wanted) = (NewName() + "@example.com", NewName() + "@example.com");
        var user = await Server.AddUserAsync(NewName(), $$"""{"email":"{{old}}","email_verified":true}""");
        using var browser = Server.NewBrowser();
        await Steps.PasswordAsync(browser, user);
        await browser.SubmitAsync(await browser.GetAsync("/account/email"), new Dictionary<string, string> { ["email"] = wanted }, "change");
        await browser.SubmitAsync(await browser.GetAsync("/forgot"), new Dictionary<string, string> { ["username"] = old });
        var reset = await Server.Mail.LinkAsync(old);
        var form = await browser.GetAsync(reset);
        Assert.Equal(HttpStatusCode.OK, form.Status);

        Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAsync(await browser.GetAsync(await Server.Mail.LinkAsync(wanted)), new Dictionary<string, string>())).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(reset)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(form, new Dictionary<string, string> { ["password"] = "a brand new pass phrase" })).Status);
    }

    [Fact, Spec("ASVS 6.3.8")]
    public async Task An_address_costs_the_same_work_whether_it_is_somebodys_or_not()
    {
        var (known, unknown) = (NewName() + "@example.com", NewName() + "@example.com");
        await Server.AddUserAsync(NewName(), $$"""{"email":"{{known}}","email_verified":true}""");
        var commands = await TicketCommandsAsync(unknown);
        Assert.NotEmpty(commands);
        Assert.Equal(commands, await TicketCommandsAsync(known));
    }

    [Fact]
    public async Task Many_accounts_flood_no_strangers_mailbox()
    {
        var mail = NewName() + "@example.com";
        for (var i = 0; i < 12; i++)
        {
            var (browser, _) = await RegisterAsync(mail);
            Assert.Equal("/account", (await browser.GetAsync("/account")).Url.AbsolutePath);
            browser.Dispose();
        }

        Assert.InRange((await Server.Mail.ToAsync(mail)).Count, 1, 6);
    }

    [Fact, Spec("ASVS 16.2.5")]
    public async Task The_log_names_no_address()
    {
        var (old, wanted) = (NewName() + "@logged.example", NewName() + "@logged.example");
        var user = await Server.AddUserAsync(NewName(), $$"""{"email":"{{old}}","email_verified":true}""");
        using var browser = Server.NewBrowser();
        await Steps.PasswordAsync(browser, user with { UserName = old });
        await browser.SubmitAsync(await browser.GetAsync("/account/email"), new Dictionary<string, string> { ["email"] = wanted }, "change");
        await browser.SubmitAsync(await browser.GetAsync("/forgot"), new Dictionary<string, string> { ["username"] = old });
        await browser.SubmitAsync(await browser.GetAsync(await Server.Mail.LinkAsync(wanted)), new Dictionary<string, string>());
        Assert.DoesNotContain("@logged.example", Server.Log.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, Spec("ASVS 1.3.11")]
    [InlineData("a@example.com,b@example.com"), InlineData("a@example.com;b@example.com"), InlineData("a@example.com\r\nBcc: b@example.com"), InlineData("Eve <a@example.com>"), InlineData("a@example.com b@example.com"), InlineData("no-address")]
    public async Task What_a_mail_program_would_read_as_more_than_one_address_is_refused(string text)
    {
        var user = await Server.AddUserAsync(NewName(), """{"email":"keeps@example.org"}""");
        using var browser = Server.NewBrowser();
        await Steps.PasswordAsync(browser, user);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(await browser.GetAsync("/account/email"), new Dictionary<string, string> { ["email"] = text }, "change")).Status);
        Assert.Equal("keeps@example.org", (await FindAsync(user.UserName)).Email);
    }

    [Fact, Spec("ASVS 6.3.4")]
    public async Task A_sign_in_from_a_new_device_is_told_by_mail_and_one_from_a_known_device_is_not()
    {
        var mail = NewName() + "@example.com";
        var user = await Server.AddUserAsync(NewName(), $$"""{"email":"{{mail}}","email_verified":true}""");
        using var first = Server.NewBrowser();
        await Steps.PasswordAsync(first, user);
        Assert.Empty(await Server.Mail.ToAsync(mail));
        await Steps.SignOutAsync(first);
        await Steps.PasswordAsync(first, user);
        Assert.Empty(await Server.Mail.ToAsync(mail));

        using var second = Server.NewBrowser();
        await Steps.PasswordAsync(second, user);
        Assert.Contains("New sign-in", Assert.Single(await Server.Mail.ToAsync(mail)).Subject, StringComparison.Ordinal);
    }

    /// <summary>What one registration writes about links: the rows that would make it slower for some addresses than for others.</summary>
    private async Task<IReadOnlyList<string>> TicketCommandsAsync(string mail)
    {
        var counter = Server.Services.GetRequiredService<CommandCounter>();
        var texts = counter.Texts = new ConcurrentQueue<string>();
        using var browser = (await RegisterAsync(mail)).Browser;
        counter.Texts = null;
        return [.. texts.Where(static sql => sql.Contains("tickets", StringComparison.Ordinal))];
    }

    private async Task<(TestBrowser Browser, (string User, string Mail) Name)> RegisterAsync(string mail)
    {
        var browser = Server.NewBrowser();
        var user = NewName();
        await browser.SubmitAsync(await browser.GetAsync("/register"), new Dictionary<string, string> { ["username"] = user, ["email"] = mail, ["password"] = TestServer.Password });
        return (browser, (user, mail));
    }

    private async Task<User> FindAsync(string userName)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByNameAsync(userName))!;
    }

    private static string NewName() => $"addressee{Interlocked.Increment(ref _people)}";
}

public sealed class AddressesOnSqlite(OnSqlite shared) : AddressTests(shared), IClassFixture<OnSqlite>;

public sealed class AddressesOnPostgreSql(OnPostgreSql shared) : AddressTests(shared), IClassFixture<OnPostgreSql>;
