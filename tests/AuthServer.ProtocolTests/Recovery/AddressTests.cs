using System.Net;
using AuthServer.Engine.Accounts;
using AuthServer.ProtocolTests.Security;
using AuthServer.ProtocolTests.SignIn;
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
