using System.Net;
using System.Security.Cryptography;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Protocol;
using AuthServer.ProtocolTests.Security;
using AuthServer.Storage;
using AuthServer.Storage.Tables;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.SignIn;

/// <summary>The second step of a sign-in, through its pages.</summary>
public abstract class SecondFactorTests(AttackedServer shared)
{
    private static int _people;

    private TestServer Server => shared.Server;

    [Fact, Spec("ASVS 6.3.3"), Spec("RFC 8176 §2")]
    public async Task A_password_alone_does_not_sign_in_whoever_has_an_app_and_password_and_code_do()
    {
        var (user, app, _) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        var verifier = TestFlows.NewVerifier();
        var page = await browser.SignInAsync(await browser.GetAsync(Steps.Url(verifier)), user.UserName, user.Password);
        Assert.Equal("/login/factor", page.Url.AbsolutePath);
        Assert.Null(await Steps.SessionAsync(browser));

        page = await Steps.CodeAsync(browser, page, app.Code());
        var claims = await Steps.ClaimsAsync(Server, page, verifier);
        Assert.Equal(user.Id, claims.GetProperty("sub").GetString());
        Assert.Equal(AuthenticationContexts.MultiFactor, claims.GetProperty("acr").GetString());
        Assert.Equal(["pwd", "otp", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(v => v.GetString()));
    }

    [Fact, Spec("ASVS 6.5.1"), Spec("RFC 6238 §5.2")]
    public async Task A_code_works_once()
    {
        var (user, app, _) = await NewPersonAsync();
        var code = app.Code();
        using (var first = Server.NewBrowser()) Assert.Equal("/account", (await Steps.CodeAsync(first, await Steps.PasswordAsync(first, user), code)).Url.AbsolutePath);

        using var second = Server.NewBrowser();
        var page = await Steps.CodeAsync(second, await Steps.PasswordAsync(second, user), code);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/login/factor"), (page.Status, page.Url.AbsolutePath));
        Assert.Null(await Steps.SessionAsync(second));
    }

    [Fact, Spec("ASVS 6.5.1")]
    public async Task Of_many_who_use_one_code_in_the_same_moment_one_gets_in()
    {
        var (user, app, recovery) = await NewPersonAsync();
        foreach (var (method, code) in new[] { ("app", app.Code()), ("recovery", recovery[0]) })
        {
            var browsers = Enumerable.Range(0, 12).Select(_ => Server.NewBrowser()).ToList();
            var pages = new List<(TestBrowser Browser, BrowserPage Page)>();
            foreach (var browser in browsers)
            {
                await Steps.PasswordAsync(browser, user);
                pages.Add((browser, await browser.GetAsync("/login/factor?method=" + method)));
            }

            var answers = await Task.WhenAll(pages.Select(p => Steps.CodeAsync(p.Browser, p.Page, code)));
            Assert.Equal(1, answers.Count(a => a.Url.AbsolutePath == "/account"));
            browsers.ForEach(b => b.Dispose());
            Server.Clock.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact, Spec("ASVS 6.5.1")]
    public async Task A_recovery_code_stands_in_for_the_app_and_works_once()
    {
        var (user, _, recovery) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        await Steps.PasswordAsync(browser, user);
        var page = await browser.GetAsync("/login/factor?method=recovery");
        Assert.Equal("/account", (await Steps.CodeAsync(browser, page, " " + recovery[3].ToUpperInvariant() + " ")).Url.AbsolutePath);

        using var again = Server.NewBrowser();
        await Steps.PasswordAsync(again, user);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Steps.CodeAsync(again, await again.GetAsync("/login/factor?method=recovery"), recovery[3])).Status);
        Assert.Equal("/account", (await Steps.CodeAsync(again, await again.GetAsync("/login/factor?method=recovery"), recovery[4])).Url.AbsolutePath);
    }

    [Fact, Spec("ASVS 6.5.2")]
    public async Task Recovery_codes_are_stored_as_slow_hashes_with_one_salt()
    {
        var (user, _, recovery) = await NewPersonAsync();
        await using var scope = Server.Services.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<AuthDbContext>().Set<RecoveryCodeRow>().AsNoTracking().Where(r => r.UserId == user.Id).ToListAsync();
        Assert.Equal(10, rows.Count);
        var salt = Assert.Single(rows.Select(r => Convert.ToHexString(r.Salt)).Distinct());
        Assert.True(salt.Length >= 32);
        var slow = Rfc2898DeriveBytes.Pbkdf2(recovery[2].Replace("-", "", StringComparison.Ordinal), Convert.FromHexString(salt), 210_000, HashAlgorithmName.SHA512, 32);
        Assert.Contains(rows, r => r.Hash.AsSpan().SequenceEqual(slow));
    }

    [Fact, Spec("ASVS 6.3.1")]
    public async Task Guessing_codes_is_slowed_for_the_account_whatever_the_source()
    {
        var (user, app, _) = await NewPersonAsync();
        var refused = 0;
        for (var guess = 0; guess < 12; guess++)
        {
            using var browser = Server.NewBrowser();
            var page = await Steps.CodeAsync(browser, await Steps.PasswordAsync(browser, user), app.WrongCode());
            Assert.Equal("/login/factor", page.Url.AbsolutePath);
            if (page.Status == HttpStatusCode.TooManyRequests) refused++;
        }

        Assert.True(refused >= 5, $"{refused} of 12 guesses were refused unseen");
        using var owner = Server.NewBrowser();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Steps.CodeAsync(owner, await Steps.PasswordAsync(owner, user), app.Code())).Status);
        Server.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("/account", (await Steps.CodeAsync(owner, await Steps.PasswordAsync(owner, user), app.Code())).Url.AbsolutePath);
    }

    [Fact]
    public async Task A_remembered_device_is_not_asked_again_until_its_time_is_over_and_others_are()
    {
        var (user, app, _) = await NewPersonAsync();
        using var home = Server.NewBrowser();
        await Steps.CodeAsync(home, await Steps.PasswordAsync(home, user), app.Code(), trust: true);
        await Steps.SignOutAsync(home);
        Assert.Equal("/account", (await Steps.PasswordAsync(home, user)).Url.AbsolutePath);

        using var elsewhere = Server.NewBrowser();
        Assert.Equal("/login/factor", (await Steps.PasswordAsync(elsewhere, user)).Url.AbsolutePath);
        await Steps.SignOutAsync(home);
        Server.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal("/login/factor", (await Steps.PasswordAsync(home, user)).Url.AbsolutePath);
    }

    [Fact]
    public async Task What_was_proved_before_the_password_changed_is_worth_nothing_after_it()
    {
        var (user, app, _) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        var page = await Steps.PasswordAsync(browser, user);
        await ChangeAsync(user.Id, static (users, person) => users.UpdateSecurityStampAsync(person));
        Assert.Equal("/login", (await Steps.CodeAsync(browser, page, app.Code())).Url.AbsolutePath);
        Assert.Null(await Steps.SessionAsync(browser));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Whoever_is_shut_out_between_two_steps_stays_out(bool disabled)
    {
        var (user, app, _) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        var page = await Steps.PasswordAsync(browser, user);
        await ChangeAsync(user.Id, (users, person) =>
        {
            if (disabled) person.Disabled = true;
            else person.LockoutEnd = DateTimeOffset.MaxValue;
            return users.UpdateAsync(person);
        });
        Assert.Equal("/login", (await Steps.CodeAsync(browser, page, app.Code())).Url.AbsolutePath);
        Assert.Null(await Steps.SessionAsync(browser));
    }

    [Fact]
    public async Task A_sign_in_under_way_belongs_to_one_browser_and_one_target()
    {
        var (user, app, _) = await NewPersonAsync();
        using var browser = Server.NewBrowser();
        var verifier = TestFlows.NewVerifier();
        var page = await browser.SignInAsync(await browser.GetAsync(Steps.Url(verifier)), user.UserName, user.Password);
        Assert.Equal("/login/factor", page.Url.AbsolutePath);

        using var stranger = Server.NewBrowser();
        Assert.Equal("/login", (await stranger.GetAsync(page.Url.PathAndQuery)).Url.AbsolutePath);
        Assert.Equal("/login", (await browser.GetAsync("/login/factor")).Url.AbsolutePath);
        Server.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("/login", (await Steps.CodeAsync(browser, page, app.Code())).Url.AbsolutePath);
    }

    private async Task<(TestUser User, TestAuthenticator App, IReadOnlyList<string> RecoveryCodes)> NewPersonAsync()
    {
        var user = await Server.AddUserAsync($"person{Interlocked.Increment(ref _people)}");
        var (app, codes) = await TestAuthenticator.SetUpAsync(Server, user.Id);
        return (user, app, codes);
    }

    private async Task ChangeAsync(string userId, Func<UserManager<User>, User, Task> change)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        await change(users, (await users.FindByIdAsync(userId))!);
    }
}

public sealed class SecondFactorsOnSqlite(OnSqlite shared) : SecondFactorTests(shared), IClassFixture<OnSqlite>;

public sealed class SecondFactorsOnPostgreSql(OnPostgreSql shared) : SecondFactorTests(shared), IClassFixture<OnPostgreSql>;
