using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Account;

/// <summary>Which apps can reach the account, and how that is taken back.</summary>
public abstract class AppPageTests(AccountServer shared)
{
    private const string Path = "/account/apps";

    [Fact, Spec("RFC 7009 §2"), Spec("ASVS 10.7.3")]
    public async Task An_app_that_is_removed_has_nothing_left_that_works()
    {
        var user = await shared.NewUserAsync();
        var flow = await shared.OpenAppAsync(user, scope: "openid offline_access");
        var page = await flow.Browser.GetAsync(Path);
        Assert.Contains("web", page.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);

        var after = await flow.Browser.SubmitAsync(page, new Dictionary<string, string>());

        Assert.Contains("No app has access", after.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.True(await shared.IsRefreshRefusedAsync(flow));
        Assert.True(await shared.IsAccessTokenRefusedAsync(flow));
        Assert.False((await shared.Server.IntrospectAsync(flow.AccessToken, ("web", SharedServer.Secret))).GetProperty("active").GetBoolean());
        Assert.False(await AccountServer.IsSignedOutAsync(flow.Browser));
    }

    [Fact]
    public async Task Another_app_keeps_its_access()
    {
        var user = await shared.NewUserAsync();
        using var browser = await shared.SignedInAsync(user);
        var (web, other) = (await shared.OpenAppAsync(user, browser), await shared.OpenAppAsync(user, browser, "other"));

        await AccountServer.PostAsync(browser, await browser.GetAsync(Path), Path + "?handler=Remove", ("client", "other"));

        Assert.True(await shared.IsRefreshRefusedAsync(other, "other"));
        Assert.False(await shared.IsRefreshRefusedAsync(web));
        var app = Assert.Single((await browser.GetAsync(Path)).Document.QuerySelectorAll<IHtmlInputElement>("input[name=client]"));
        Assert.Equal("web", app.Value);
    }

    [Fact, Spec("ASVS 8.2.2")]
    public async Task Nobody_takes_an_app_away_from_somebody_else()
    {
        var (attacker, victim) = (await shared.NewUserAsync(), await shared.NewUserAsync());
        var theirs = await shared.OpenAppAsync(victim);
        var mine = await shared.OpenAppAsync(attacker);

        await AccountServer.PostAsync(mine.Browser, await mine.Browser.GetAsync(Path), Path + "?handler=Remove", ("client", "web"));

        Assert.True(await shared.IsRefreshRefusedAsync(mine));
        Assert.False(await shared.IsRefreshRefusedAsync(theirs));
    }

    [Fact]
    public async Task What_was_agreed_to_is_told_in_words_and_asked_for_again_after_it_was_taken_back()
    {
        var user = await shared.NewUserAsync();
        await shared.Server.AddClientAsync(SharedServer.Web("asks" + user.UserName) with { ClientName = "<b>Notes</b>", ConsentType = ConsentTypes.Explicit }, SharedServer.Secret);
        var flow = await shared.OpenAppAsync(user, clientId: "asks" + user.UserName, scope: "openid email");
        var page = await flow.Browser.GetAsync(Path);

        Assert.DoesNotContain("<b>Notes", page.Html, StringComparison.Ordinal);
        Assert.Contains("<b>Notes</b>", page.Document.QuerySelector("h2")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("See your email address", page.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        await flow.Browser.SubmitAsync(page, new Dictionary<string, string>());

        var again = await flow.Browser.GetAsync(TestFlows.AuthorizeUrl(("client_id", "asks" + user.UserName), ("response_type", "code"), ("redirect_uri", SharedServer.Callback), ("scope", "openid email"),
            ("code_challenge", TestFlows.ChallengeOf(TestFlows.NewVerifier())), ("code_challenge_method", "S256")));
        Assert.Equal("/consent", again.Url.AbsolutePath);
    }
}

public sealed class AppPageOnSqlite(SqliteAccounts shared) : AppPageTests(shared), IClassFixture<SqliteAccounts>;

public sealed class AppPageOnPostgreSql(PostgreSqlAccounts shared) : AppPageTests(shared), IClassFixture<PostgreSqlAccounts>;
