using System.Net;
using System.Text.RegularExpressions;
using AuthServer.Engine.Accounts;
using AuthServer.ProtocolTests.Security;
using AuthServer.ProtocolTests.SignIn;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Recovery;

/// <summary>A forgotten password: who gets a link, what the link can do, and what it cannot.</summary>
public abstract partial class PasswordResetTests(AttackedServer shared)
{
    private const string NewPassword = "a brand new pass phrase";

    private static int _people;

    private TestServer Server => shared.Server;

    [Fact, Spec("ASVS 6.4.3")]
    public async Task A_link_sets_a_new_password_and_ends_everything_the_old_one_gave_out()
    {
        var (user, mail) = await NewPersonAsync();
        using var signedIn = Server.NewBrowser();
        var flow = await Server.SignInAsync("web", AttackedServer.Secret, AttackedServer.Callback, user, "openid offline_access", null);
        await Steps.PasswordAsync(signedIn, user);
        var link = await AskAsync(user.UserName, mail);

        using var browser = Server.NewBrowser();
        var page = await browser.SubmitAsync(await browser.GetAsync(link), new Dictionary<string, string> { ["password"] = NewPassword });
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Null(await Steps.SessionAsync(browser));
        Assert.Null(await Steps.SessionAsync(signedIn));
        Assert.Equal(HttpStatusCode.BadRequest, (await Server.RefreshAsync("web", AttackedServer.Secret, flow.RefreshToken!)).StatusCode);
        Assert.False((await Server.IntrospectAsync(flow.AccessToken, AttackedServer.Web)).GetProperty("active").GetBoolean());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Steps.PasswordAsync(browser, user)).Status);
        Assert.Equal("/account", (await Steps.PasswordAsync(browser, user with { Password = NewPassword })).Url.AbsolutePath);
        Assert.Contains(await Server.Mail.ToAsync(mail), letter => letter.Subject.Contains("password at", StringComparison.Ordinal) && letter.Subject.Contains("was changed", StringComparison.Ordinal));
    }

    [Fact, Spec("ASVS 6.4.3")]
    public async Task It_is_no_way_around_the_second_factor()
    {
        var (user, mail) = await NewPersonAsync();
        var (app, _) = await TestAuthenticator.SetUpAsync(Server, user.Id);
        using var browser = Server.NewBrowser();
        await Steps.CodeAsync(browser, await Steps.PasswordAsync(browser, user), app.Code(), trust: true);
        await Steps.SignOutAsync(browser);
        await browser.SubmitAsync(await browser.GetAsync(await AskAsync(user.UserName, mail)), new Dictionary<string, string> { ["password"] = NewPassword });
        // Nor does the device count that the old password let be remembered.
        Assert.Equal("/login/factor", (await Steps.PasswordAsync(browser, user with { Password = NewPassword })).Url.AbsolutePath);
        Assert.Null(await Steps.SessionAsync(browser));
    }

    [Fact, Spec("ASVS 6.4.1")]
    public async Task A_link_works_once_for_half_an_hour_and_a_newer_one_replaces_it()
    {
        var (user, mail) = await NewPersonAsync();
        var first = await AskAsync(user.UserName, mail);
        var second = await AskAsync(mail, mail);
        Assert.NotEqual(first, second);
        using var browser = Server.NewBrowser();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(first)).Status);
        var form = await browser.GetAsync(second);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(form, new Dictionary<string, string> { ["password"] = "short" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAsync(form, new Dictionary<string, string> { ["password"] = NewPassword })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(form, new Dictionary<string, string> { ["password"] = NewPassword + " two" })).Status);

        var late = await AskAsync(user.UserName, mail);
        Server.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(late)).Status);
    }

    [Fact, Spec("ASVS 6.4.1")]
    public async Task Of_many_who_use_one_link_in_the_same_moment_one_sets_the_password()
    {
        var (user, mail) = await NewPersonAsync();
        var link = await AskAsync(user.UserName, mail);
        var browsers = Enumerable.Range(0, 50).Select(_ => Server.NewBrowser()).ToList();
        var forms = await Task.WhenAll(browsers.Select(b => b.GetAsync(link)));
        var answers = await Task.WhenAll(browsers.Select((b, i) => b.SubmitAsync(forms[i], new Dictionary<string, string> { ["password"] = $"{NewPassword} number {i}" })));
        var winner = Assert.Single(Enumerable.Range(0, answers.Length), i => answers[i].Status == HttpStatusCode.OK);
        Assert.Equal("/account", (await Steps.PasswordAsync(browsers[0], user with { Password = $"{NewPassword} number {winner}" })).Url.AbsolutePath);
        browsers.ForEach(b => b.Dispose());
    }

    [Fact, Spec("ASVS 6.4.2")]
    public async Task The_link_is_built_from_the_issuer_whatever_the_request_calls_the_host()
    {
        var (user, mail) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        var form = await browser.GetAsync("/forgot");
        var fields = form.Document.QuerySelectorAll("form input[type=hidden]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value")!);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/forgot") { Content = new FormUrlEncodedContent(fields.Append(new("username", user.UserName))) };
        request.Headers.Add("Cookie", browser.Cookies.GetCookieHeader(new Uri(Server.Issuer)));
        request.Headers.Host = "evil.test";
        request.Headers.Add("X-Forwarded-Host", "evil.test");
        request.Headers.Add("Forwarded", "host=evil.test");
        Assert.Equal(HttpStatusCode.OK, (await Server.Http.SendAsync(request)).StatusCode);
        var letter = await Server.Mail.LastAsync(mail);
        Assert.Contains(Server.Issuer + "/reset?code=", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.test", letter.Text + letter.Html, StringComparison.Ordinal);
    }

    [Fact, Spec("ASVS 6.3.8")]
    public async Task The_answer_is_the_same_for_everybody()
    {
        var (user, _) = await NewPersonAsync();
        var unconfirmed = await Server.AddUserAsync($"unconfirmed{Interlocked.Increment(ref _people)}", """{"email":"un@example.com"}""");
        var known = await AnswerAsync(user.UserName);
        foreach (var other in new[] { unconfirmed.UserName, "nobody", "nobody@example.com", "a\r\nBcc: x@example.com", new string('x', 300) }) Assert.Equal(known, await AnswerAsync(other));
    }

    [Fact, Spec("ASVS 6.4.3")]
    public async Task Whoever_may_not_sign_in_gets_no_link_and_an_older_one_does_nothing()
    {
        foreach (var refuse in new Action<User>[] { static user => user.Disabled = true, user => user.LockoutEnd = Server.Clock.GetUtcNow().AddHours(1) })
        {
            var (user, mail) = await NewPersonAsync();
            var link = await AskAsync(user.UserName, mail);
            await using (var scope = Server.Services.CreateAsyncScope())
            {
                var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
                var row = (await users.FindByIdAsync(user.Id))!;
                refuse(row);
                Assert.True((await users.UpdateAsync(row)).Succeeded);
            }

            var letters = (await Server.Mail.ToAsync(mail)).Count;
            Assert.Equal(link, await AskAsync(user.UserName, mail));
            Assert.Equal(letters, (await Server.Mail.ToAsync(mail)).Count);
            using var browser = Server.NewBrowser();
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(link)).Status);
        }
    }

    [Fact]
    public async Task The_request_of_the_app_goes_on_after_the_new_password()
    {
        var (user, mail) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        var login = await browser.GetAsync(Steps.Url(TestFlows.NewVerifier()));
        var forgot = await browser.GetAsync(login.Document.QuerySelector("a[href*='/forgot']")!.GetAttribute("href")!);
        Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAsync(forgot, new Dictionary<string, string> { ["username"] = user.UserName })).Status);
        var done = await browser.SubmitAsync(await browser.GetAsync(await Server.Mail.LinkAsync(mail)), new Dictionary<string, string> { ["password"] = NewPassword });
        var again = await browser.GetAsync(done.Document.QuerySelector("a.btn-primary")!.GetAttribute("href")!);
        var answer = await browser.SignInAsync(again, user.UserName, NewPassword);
        Assert.Equal("st", answer["state"]);
        Assert.NotNull(answer["code"]);
    }

    [Fact]
    public async Task Only_a_confirmed_address_of_somebody_who_may_sign_in_gets_a_link()
    {
        var number = Interlocked.Increment(ref _people);
        await Server.AddUserAsync($"plain{number}", $$"""{"email":"plain{{number}}@example.com"}""");
        using var browser = Server.NewBrowser();
        foreach (var identifier in new[] { $"plain{number}", $"plain{number}@example.com" })
            await browser.SubmitAsync(await browser.GetAsync("/forgot"), new Dictionary<string, string> { ["username"] = identifier });
        Assert.Empty(await Server.Mail.ToAsync($"plain{number}@example.com"));
    }

    [Fact]
    public async Task Nobodys_mailbox_is_flooded()
    {
        var (user, mail) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        for (var i = 0; i < 20; i++) await browser.SubmitAsync(await browser.GetAsync("/forgot"), new Dictionary<string, string> { ["username"] = i % 2 == 0 ? user.UserName : mail });
        Assert.InRange((await Server.Mail.ToAsync(mail)).Count, 1, 6);
    }

    private async Task<string> AskAsync(string identifier, string mail)
    {
        using var browser = Server.NewBrowser();
        Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAsync(await browser.GetAsync("/forgot"), new Dictionary<string, string> { ["username"] = identifier })).Status);
        return await Server.Mail.LinkAsync(mail);
    }

    private async Task<string> AnswerAsync(string identifier)
    {
        using var browser = Server.NewBrowser();
        var answer = await browser.SubmitAsync(await browser.GetAsync("/forgot"), new Dictionary<string, string> { ["username"] = identifier });
        return $"{(int)answer.Status} {Token().Replace(answer.Html, "token")}";
    }

    private async Task<(TestUser User, string Mail)> NewPersonAsync()
    {
        var name = $"forgetful{Interlocked.Increment(ref _people)}";
        return (await Server.AddUserAsync(name, $$"""{"email":"{{name}}@example.com","email_verified":true}"""), name + "@example.com");
    }

    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]+")]
    private static partial Regex Token();
}

public sealed class PasswordResetOnSqlite(OnSqlite shared) : PasswordResetTests(shared), IClassFixture<OnSqlite>;

public sealed class PasswordResetOnPostgreSql(OnPostgreSql shared) : PasswordResetTests(shared), IClassFixture<OnPostgreSql>;
