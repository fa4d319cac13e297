using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AuthServer.Engine.Sessions;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Account;

/// <summary>A person sees where they are signed in and ends it; with it ends what lived by it, at once.</summary>
public abstract class SessionPageTests(AccountServer shared)
{
    private const string Path = "/account/sessions";

    [Fact, Spec("ASVS 7.5.2"), Spec("ASVS 7.4.1")]
    public async Task A_session_that_is_ended_loses_its_cookie_and_its_refresh_token_at_once()
    {
        var user = await shared.NewUserAsync();
        var elsewhere = await shared.OpenAppAsync(user);
        using var here = await shared.SignedInAsync(user);

        var page = await here.GetAsync(Path);
        Assert.Single(EndForms(page));
        var after = await here.SubmitAsync(page, Only(EndForms(page)[0]));

        Assert.Contains("signed out", after.Document.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(EndForms(after));
        Assert.True(await AccountServer.IsSignedOutAsync(elsewhere.Browser));
        Assert.True(await shared.IsRefreshRefusedAsync(elsewhere));
        Assert.True(await shared.IsAccessTokenRefusedAsync(elsewhere));
        Assert.False(await AccountServer.IsSignedOutAsync(here));
    }

    [Fact, Spec("ASVS 7.5.2")]
    public async Task All_others_end_together_and_this_one_goes_on_with_its_apps()
    {
        var user = await shared.NewUserAsync();
        var first = await shared.OpenAppAsync(user);
        var second = await shared.OpenAppAsync(user);
        using var here = await shared.SignedInAsync(user);
        var mine = await shared.OpenAppAsync(user, here);

        await AccountServer.PostAsync(here, await here.GetAsync(Path), Path + "?handler=EndOthers");

        foreach (var flow in new[] { first, second })
        {
            Assert.True(await AccountServer.IsSignedOutAsync(flow.Browser));
            Assert.True(await shared.IsRefreshRefusedAsync(flow));
        }

        Assert.False(await AccountServer.IsSignedOutAsync(here));
        Assert.False(await shared.IsRefreshRefusedAsync(mine));
    }

    [Fact, Spec("ASVS 8.2.2")]
    public async Task Nobody_ends_the_session_of_somebody_else()
    {
        var (attacker, victim) = (await shared.NewUserAsync(), await shared.NewUserAsync());
        var theirs = await shared.OpenAppAsync(victim);
        using var other = await shared.SignedInAsync(attacker);
        var ids = await shared.Server.Services.GetRequiredService<ISessionStore>().ListAsync(victim.Id, shared.Server.Clock.GetUtcNow(), CancellationToken.None);
        await shared.OpenAppAsync(attacker);

        foreach (var id in ids) await AccountServer.PostAsync(other, await other.GetAsync(Path), Path + "?handler=End", ("id", id.Id));
        await AccountServer.PostAsync(other, await other.GetAsync(Path), Path + "?handler=EndOthers");

        Assert.False(await AccountServer.IsSignedOutAsync(theirs.Browser));
        Assert.False(await shared.IsRefreshRefusedAsync(theirs));
    }

    [Fact]
    public async Task A_form_of_another_site_ends_nothing()
    {
        var user = await shared.NewUserAsync();
        var elsewhere = await shared.OpenAppAsync(user);
        using var here = await shared.SignedInAsync(user);

        await here.PostCrossSiteAsync(Path + "?handler=EndOthers", []);

        Assert.False(await AccountServer.IsSignedOutAsync(elsewhere.Browser));
    }

    [Fact]
    public async Task What_a_browser_calls_itself_is_shown_as_text_only()
    {
        var user = await shared.NewUserAsync();
        using var here = await shared.SignedInAsync(user);
        var store = shared.Server.Services.GetRequiredService<ISessionStore>();
        var now = shared.Server.Clock.GetUtcNow();
        var session = (await store.ListAsync(user.Id, now, CancellationToken.None))[0];
        await store.AddAsync(session with { Id = "hostile" + user.UserName, UserAgent = "<img src=x onerror=alert(1)> Firefox/1 Windows", Address = "<script>1</script>" }, CancellationToken.None);

        var page = await here.GetAsync(Path);

        Assert.DoesNotContain("<img src=x", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>1", page.Html, StringComparison.Ordinal);
        Assert.Contains("Firefox on Windows", page.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("<script>1</script>", page.Document.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""), InlineData("/profile"), InlineData("/password"), InlineData("/sessions"), InlineData("/apps"), InlineData("/activity"), InlineData("/data"), InlineData("/delete")]
    public async Task Without_a_session_a_page_leads_to_the_sign_in_and_back(string path)
    {
        var user = await shared.NewUserAsync();
        using var browser = shared.Server.NewBrowser();
        var login = await browser.GetAsync("/account" + path);

        Assert.Equal("/login", login.Url.AbsolutePath);
        var page = await browser.SignInAsync(login, user.UserName, user.Password);
        Assert.Equal((HttpStatusCode.OK, "/account" + path), (page.Status, page.Url.AbsolutePath));
        Assert.Equal("no-cache, no-store", page.Response.Headers.CacheControl?.ToString().Replace("no-store, no-cache", "no-cache, no-store", StringComparison.Ordinal));
    }

    private static List<IHtmlFormElement> EndForms(BrowserPage page) =>
        [.. page.Document.QuerySelectorAll<IHtmlFormElement>("form").Where(f => f.QuerySelector("input[name=id]") is not null)];

    private static Dictionary<string, string> Only(IHtmlFormElement form) => new(StringComparer.Ordinal) { ["id"] = form.QuerySelector<IHtmlInputElement>("input[name=id]")!.Value };
}

public sealed class SessionPageOnSqlite(SqliteAccounts shared) : SessionPageTests(shared), IClassFixture<SqliteAccounts>;

public sealed class SessionPageOnPostgreSql(PostgreSqlAccounts shared) : SessionPageTests(shared), IClassFixture<PostgreSqlAccounts>;
