using System.Net;
using AuthServer.Engine.Protocol;
using AuthServer.ProtocolTests.SignIn;
using AuthServer.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace AuthServer.ProtocolTests.Upstream;

/// <summary>Signing in by another provider, and which account that gives.</summary>
public abstract class UpstreamSignInTests(UpstreamServer shared)
{
    private static int _people;

    private static string NewSubject() => $"corp-person-{Interlocked.Increment(ref _people)}";

    [Fact, Spec("OIDC Core §3.1.2.1"), Spec("RFC 7636 §4.3")]
    public async Task The_request_carries_state_nonce_and_a_challenge_and_the_address_is_built_from_the_issuer()
    {
        shared.Provider.Reset();
        using var browser = shared.Server.NewBrowser();
        var query = QueryHelpers.ParseQuery((await UpstreamServer.LeaveAsync(browser)).Query);
        Assert.Equal(("code", "S256", "our-id", "openid profile email"), (query["response_type"].ToString(), query["code_challenge_method"].ToString(), query["client_id"].ToString(), query["scope"].ToString()));
        Assert.Equal(shared.Server.Issuer + "/login/upstream/corp/callback", query["redirect_uri"]);
        Assert.True(query["state"].ToString().Length >= 43 && query["nonce"].ToString().Length >= 43 && query["code_challenge"].ToString().Length == 43);
    }

    [Fact]
    public async Task A_person_unknown_here_gets_an_account_with_what_the_provider_knows_and_is_back_at_the_app()
    {
        shared.Provider.Reset();
        var subject = NewSubject();
        shared.Provider.Claims = claims => (claims["email"], claims["email_verified"], claims["fancy_name"], claims["picture"]) = (subject + "@corp.test", true, "Fancy", "javascript:alert(1)");
        using var browser = shared.Server.NewBrowser();
        var verifier = TestFlows.NewVerifier();
        var login = await browser.GetAsync(Steps.Url(verifier));
        var page = await shared.SignInAsync(browser, subject, query: login.Url.Query);

        var claims = await Steps.ClaimsAsync(shared.Server, page, verifier);
        Assert.Equal(AuthenticationContexts.SingleFactor, claims.GetProperty("acr").GetString());
        var user = (await shared.FindAsync("corp", subject))!;
        Assert.Equal((user.Id, subject, subject + "@corp.test", true), (claims.GetProperty("sub").GetString(), user.UserName, user.Email, user.EmailConfirmed));
        Assert.Contains("\"nickname\":\"Fancy\"", user.Profile, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript", user.Profile, StringComparison.Ordinal);

        await Steps.SignOutAsync(browser);
        var before = await shared.CountUsersAsync();
        Assert.Equal("/account", (await shared.SignInAsync(browser, subject)).Url.AbsolutePath);
        Assert.Equal(before, await shared.CountUsersAsync());
    }

    [Fact, Spec("ASVS 6.8.1")]
    public async Task An_address_alone_gives_nobody_the_account_that_has_it()
    {
        shared.Provider.Reset();
        var subject = NewSubject();
        await shared.Server.AddUserAsync(subject + "-local", $$"""{"email":"{{subject}}@corp.test","email_verified":true}""");
        var before = await shared.CountUsersAsync();
        shared.Provider.Claims = claims => (claims["email"], claims["email_verified"]) = (subject + "@corp.test", true);
        using var browser = shared.Server.NewBrowser();
        var page = await shared.SignInAsync(browser, subject);
        await shared.AssertRefusedAsync(browser, page, before);
        Assert.Contains("/login?next=/account/connections", page.Html, StringComparison.Ordinal);
        Assert.Null(await shared.FindAsync("corp", subject));
    }

    [Theory, InlineData(false), InlineData(null)]
    public async Task An_address_that_the_provider_did_not_verify_is_only_noted(bool? verified)
    {
        shared.Provider.Reset();
        var subject = NewSubject();
        await shared.Server.AddUserAsync(subject + "-local", $$"""{"email":"{{subject}}@corp.test","email_verified":true}""");
        shared.Provider.Claims = claims => (claims["email"], claims["email_verified"]) = (subject + "@corp.test", verified);
        using var browser = shared.Server.NewBrowser();
        Assert.Equal("/account", (await shared.SignInAsync(browser, subject)).Url.AbsolutePath);
        var user = (await shared.FindAsync("corp", subject))!;
        Assert.Equal((subject, false), (user.UserName, user.EmailConfirmed));
    }

    [Fact, Spec("ASVS 6.3.3")]
    public async Task A_second_factor_set_up_here_is_asked_for_whatever_the_provider_says()
    {
        shared.Provider.Reset();
        var subject = NewSubject();
        shared.Provider.Claims = static claims => claims["amr"] = new[] { "pwd", "mfa" };
        using var browser = shared.Server.NewBrowser();
        await shared.SignInAsync(browser, subject);
        var (app, _) = await TestAuthenticator.SetUpAsync(shared.Server, (await shared.FindAsync("corp", subject))!.Id);
        await Steps.SignOutAsync(browser);

        var page = await shared.SignInAsync(browser, subject);
        Assert.Equal("/login/factor", page.Url.AbsolutePath);
        Assert.Null(await Steps.SessionAsync(browser));
        page = await shared.SignInAsync(browser, subject);
        Assert.Equal("/account", (await Steps.CodeAsync(browser, page, app.Code())).Url.AbsolutePath);
    }

    [Fact]
    public async Task Connecting_asks_for_a_fresh_sign_in_and_then_both_ways_lead_to_one_account()
    {
        shared.Provider.Reset();
        var subject = NewSubject();
        var user = await shared.Server.AddUserAsync(subject + "-owner", $$"""{"email":"{{subject}}@home.test","email_verified":true}""");
        using var browser = shared.Server.NewBrowser();
        await Steps.PasswordAsync(browser, user);
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(11));
        var page = await browser.GetAsync("/account/connections");
        Assert.Equal("/login", page.Url.AbsolutePath);
        page = await browser.SignInAsync(page, user.UserName, user.Password);
        Assert.Equal("/account/connections", page.Url.AbsolutePath);

        var away = UpstreamServer.DestinationOf(await browser.SubmitAsync(page, new Dictionary<string, string>(), "closed"));
        Assert.Equal("/account/connections", (await browser.GetAsync(shared.Provider.Approve(away, subject))).Url.AbsolutePath);
        Assert.Equal(user.Id, (await shared.FindAsync("closed", subject))!.Id);
        Assert.Contains("sign", (await shared.Server.Mail.LastAsync(subject + "@home.test")).Subject, StringComparison.OrdinalIgnoreCase);

        using var elsewhere = shared.Server.NewBrowser();
        Assert.Equal("/account", (await shared.SignInAsync(elsewhere, subject, "closed")).Url.AbsolutePath);

        page = await browser.GetAsync("/account/connections");
        await browser.SubmitAsync(page, new Dictionary<string, string>(), "closed");
        Assert.Null(await shared.FindAsync("closed", subject));
        using var after = shared.Server.NewBrowser();
        Assert.Equal(HttpStatusCode.Forbidden, (await shared.SignInAsync(after, subject, "closed")).Status);
    }

    [Fact]
    public async Task An_account_of_a_provider_belongs_to_one_person_and_is_connected_only_with_whoever_is_signed_in()
    {
        shared.Provider.Reset();
        var subject = NewSubject();
        using (var owner = shared.Server.NewBrowser()) await shared.SignInAsync(owner, subject);
        var other = await shared.Server.AddUserAsync(subject + "-other");
        using var browser = shared.Server.NewBrowser();
        await Steps.PasswordAsync(browser, other);
        var away = UpstreamServer.DestinationOf(await browser.SubmitAsync(await browser.GetAsync("/account/connections"), new Dictionary<string, string>(), "corp"));
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(shared.Provider.Approve(away, subject))).Status);
        Assert.NotEqual(other.Id, (await shared.FindAsync("corp", subject))!.Id);

        // The person signs out while away: what comes back connects nobody.
        var fresh = NewSubject();
        away = UpstreamServer.DestinationOf(await browser.SubmitAsync(await browser.GetAsync("/account/connections"), new Dictionary<string, string>(), "corp"));
        await Steps.SignOutAsync(browser);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(shared.Provider.Approve(away, fresh))).Status);
        Assert.Null(await shared.FindAsync("corp", fresh));
    }

    [Theory, Spec("ASVS 7.5.1"), Spec("OIDC Core §3.1.2.1")]
    [InlineData(0, true), InlineData(-300, false), InlineData(null, false)]
    public async Task To_show_that_it_is_still_them_the_person_proves_it_at_the_provider_once_more(int? minutes, bool isFresh)
    {
        shared.Provider.Reset();
        var subject = NewSubject();
        using var browser = shared.Server.NewBrowser();
        await shared.SignInAsync(browser, subject);
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(30));
        var login = await browser.GetAsync("/account/connections");
        Assert.Equal("/login", login.Url.AbsolutePath);

        shared.Provider.Claims = claims => claims["auth_time"] = minutes is { } ago ? shared.Server.Clock.GetUtcNow().AddMinutes(ago).ToUnixTimeSeconds() : null;
        var away = await UpstreamServer.LeaveAsync(browser, query: login.Url.Query);
        var query = QueryHelpers.ParseQuery(away.Query);
        Assert.Equal(("login", "0"), (query["prompt"].ToString(), query["max_age"].ToString()));
        await browser.GetAsync(shared.Provider.Approve(away, subject));
        Assert.Equal(isFresh ? "/account/connections" : "/login", (await browser.GetAsync("/account/connections")).Url.AbsolutePath);
    }

    [Fact]
    public async Task The_only_way_in_cannot_be_taken_away()
    {
        shared.Provider.Reset();
        var subject = NewSubject();
        using var browser = shared.Server.NewBrowser();
        await shared.SignInAsync(browser, subject);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(await browser.GetAsync("/account/connections"), new Dictionary<string, string>(), "corp")).Status);
        Assert.NotNull(await shared.FindAsync("corp", subject));
    }

    [Fact]
    public async Task Whoever_is_disabled_here_stays_out_and_where_no_accounts_are_made_nobody_new_comes_in()
    {
        shared.Provider.Reset();
        var subject = NewSubject();
        using var browser = shared.Server.NewBrowser();
        await shared.SignInAsync(browser, subject);
        await Steps.SignOutAsync(browser);
        await using (var scope = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.CreateAsyncScope(shared.Server.Services))
        {
            var users = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<Engine.Accounts.User>>(scope.ServiceProvider);
            var user = (await users.FindByLoginAsync("corp", subject))!;
            user.Disabled = true;
            await users.UpdateAsync(user);
        }

        var before = await shared.CountUsersAsync();
        await shared.AssertRefusedAsync(browser, await shared.SignInAsync(browser, subject), before);
        await shared.AssertRefusedAsync(browser, await shared.SignInAsync(browser, NewSubject(), "closed"), before);
    }

    [Fact]
    public async Task GitHub_is_asked_by_its_api_and_its_verified_main_address_counts()
    {
        shared.Provider.Reset();
        using var browser = shared.Server.NewBrowser();
        Assert.Equal("/account", (await shared.SignInAsync(browser, "ignored", "github")).Url.AbsolutePath);
        var user = (await shared.FindAsync("github", "4711"))!;
        Assert.Equal(("octo", "octo@example.com", true), (user.UserName, user.Email, user.EmailConfirmed));
        Assert.DoesNotContain("website", user.Profile, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_away_costs_nothing_but_its_own_button()
    {
        shared.Provider.Reset();
        shared.Server.Clock.Advance(TimeSpan.FromHours(2));
        using var browser = shared.Server.NewBrowser();
        shared.Provider.Away = true;
        var login = await browser.GetAsync("/login");
        Assert.Equal(HttpStatusCode.OK, login.Status);
        var away = shared.Provider.Fetched.Count;
        Assert.Equal(0, away);
        shared.Provider.Reset();
    }
}

public sealed class UpstreamSignInOnSqlite(UpstreamOnSqlite shared) : UpstreamSignInTests(shared), IClassFixture<UpstreamOnSqlite>;

public sealed class UpstreamSignInOnPostgreSql(UpstreamOnPostgreSql shared) : UpstreamSignInTests(shared), IClassFixture<UpstreamOnPostgreSql>;
