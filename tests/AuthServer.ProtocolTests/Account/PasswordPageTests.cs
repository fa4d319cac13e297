using System.Net;
using AuthServer.Engine.Accounts;
using AuthServer.Storage;
using AuthServer.Storage.Tables;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Account;

/// <summary>Another password, by the present one.</summary>
public abstract class PasswordPageTests(AccountServer shared)
{
    private const string Path = "/account/password";
    private const string Better = "seven unrelated garden chairs";

    private static Dictionary<string, string> Form(string current, string wanted) => new(StringComparer.Ordinal) { ["current"] = current, ["new"] = wanted };

    [Fact, Spec("ASVS 6.2.3"), Spec("ASVS 7.4.3")]
    public async Task The_new_password_signs_in_the_old_one_does_not_and_everything_else_is_signed_out()
    {
        var user = await shared.NewUserAsync();
        var elsewhere = await shared.OpenAppAsync(user, scope: "openid offline_access");
        using var here = await shared.SignedInAsync(user);
        var mine = await shared.OpenAppAsync(user, here);

        var done = await here.SubmitAsync(await here.GetAsync(Path), Form(user.Password, Better));

        Assert.Equal("/account", done.Url.AbsolutePath);
        Assert.Contains("password is changed", done.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.True(await AccountServer.IsSignedOutAsync(elsewhere.Browser));
        Assert.True(await shared.IsRefreshRefusedAsync(elsewhere));
        Assert.True(await shared.IsAccessTokenRefusedAsync(elsewhere));
        Assert.False(await AccountServer.IsSignedOutAsync(here));
        Assert.False(await shared.IsRefreshRefusedAsync(mine));

        using var old = shared.Server.NewBrowser();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await old.SignInAsync(await old.GetAsync("/login"), user.UserName, user.Password)).Status);
        using var next = await shared.SignedInAsync(user with { Password = Better });
    }

    [Fact, Spec("ASVS 7.2.4")]
    public async Task A_copy_of_this_browsers_own_cookie_is_worth_nothing_afterwards()
    {
        var user = await shared.NewUserAsync();
        using var here = await shared.SignedInAsync(user);
        using var thief = shared.Server.NewBrowser();
        thief.Cookies.Add(here.Cookies.GetAllCookies());
        Assert.False(await AccountServer.IsSignedOutAsync(thief));

        await here.SubmitAsync(await here.GetAsync(Path), Form(user.Password, Better));

        Assert.True(await AccountServer.IsSignedOutAsync(thief));
        Assert.False(await AccountServer.IsSignedOutAsync(here));
    }

    [Fact, Spec("ASVS 7.4.3")]
    public async Task A_sign_in_that_waits_for_its_second_step_with_the_old_password_is_over()
    {
        var user = await shared.NewUserAsync();
        using var here = await shared.SignedInAsync(user);
        await using (var scope = shared.Server.Services.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<AuthDbContext>();
            context.Add(new AuthenticatorAppRow { UserId = user.Id, Secret = new byte[32], CreatedAt = shared.Server.Clock.GetUtcNow() });
            await context.SaveChangesAsync();
        }

        using var elsewhere = shared.Server.NewBrowser();
        var waiting = await elsewhere.SignInAsync(await elsewhere.GetAsync("/login"), user.UserName, user.Password);
        Assert.Equal("/login/factor", waiting.Url.AbsolutePath);

        await here.SubmitAsync(await here.GetAsync(Path), Form(user.Password, Better));

        Assert.Equal("/login", (await elsewhere.GetAsync("/login/factor")).Url.AbsolutePath);
    }

    [Fact]
    public async Task Who_has_no_password_is_led_to_where_one_is_made()
    {
        var user = await shared.NewUserAsync();
        using var here = await shared.SignedInAsync(user);
        await using (var scope = shared.Server.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
            await users.RemovePasswordAsync((await users.FindByIdAsync(user.Id))!);
        }

        var page = await here.GetAsync(Path);

        Assert.Null(page.Document.QuerySelector("input[type=password]"));
        Assert.NotNull(page.Document.QuerySelector("main a[href='/forgot']"));
    }

    [Fact]
    public async Task Who_takes_the_tick_away_stays_signed_in_elsewhere()
    {
        var user = await shared.NewUserAsync();
        var elsewhere = await shared.OpenAppAsync(user);
        using var here = await shared.SignedInAsync(user);
        var page = await here.GetAsync(Path);
        page.Document.QuerySelector("input[name=elsewhere]")!.Remove();

        await here.SubmitAsync(page, Form(user.Password, Better));

        Assert.False(await AccountServer.IsSignedOutAsync(elsewhere.Browser));
        Assert.False(await shared.IsRefreshRefusedAsync(elsewhere));
    }

    [Fact, Spec("ASVS 6.3.1")]
    public async Task Guessing_the_present_password_is_braked_and_counts_together_with_the_sign_in_page()
    {
        var user = await shared.NewUserAsync();
        using var here = await shared.SignedInAsync(user);
        var page = await here.GetAsync(Path);
        for (var guess = 0; guess < 5; guess++)
        {
            var refused = await here.SubmitAsync(page, Form("not this one " + guess, Better));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
            Assert.Contains("not your current password", refused.Document.QuerySelector("#current-fault")!.TextContent, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await here.SubmitAsync(page, Form(user.Password, Better))).Status);
        using var other = shared.Server.NewBrowser();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await other.SignInAsync(await other.GetAsync("/login"), user.UserName, user.Password)).Status);
    }

    [Theory, Spec("ASVS 6.2.1"), Spec("ASVS 6.2.4")]
    [InlineData("tiny pw", "at least 12")]
    [InlineData("password12345", "too easy to guess")]
    [InlineData(TestServer.Password, "the password you have now")]
    public async Task A_password_that_is_no_good_is_refused_with_what_to_do(string wanted, string says)
    {
        var user = await shared.NewUserAsync();
        using var here = await shared.SignedInAsync(user);

        var refused = await here.SubmitAsync(await here.GetAsync(Path), Form(user.Password, wanted));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains(says, refused.Document.QuerySelector("#new-fault")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(wanted, refused.Html, StringComparison.Ordinal);
        using var still = await shared.SignedInAsync(user);
    }

    [Fact]
    public async Task A_bad_new_password_costs_no_guess()
    {
        var user = await shared.NewUserAsync();
        using var here = await shared.SignedInAsync(user);
        var page = await here.GetAsync(Path);
        for (var i = 0; i < 8; i++) await here.SubmitAsync(page, Form("not this one", "short"));

        Assert.Equal("/account", (await here.SubmitAsync(page, Form(user.Password, Better))).Url.AbsolutePath);
    }
}

public sealed class PasswordPageOnSqlite(SqliteAccounts shared) : PasswordPageTests(shared), IClassFixture<SqliteAccounts>;

public sealed class PasswordPageOnPostgreSql(PostgreSqlAccounts shared) : PasswordPageTests(shared), IClassFixture<PostgreSqlAccounts>;
