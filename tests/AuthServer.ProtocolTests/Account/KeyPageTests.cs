using System.Net;
using AuthServer.Engine.ApiKeys;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Account;

/// <summary><c>/account/keys</c>: a person's own access tokens.</summary>
public sealed class KeyPageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string New = "/account/keys/new";

    private TestServer Server => shared.Server;

    private async Task<(TestBrowser Browser, TestUser User)> SignedInAsync()
    {
        var user = await Server.AddUserAsync("k" + Guid.NewGuid().ToString("N")[..10]);
        return ((await Server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, user)).Browser, user);
    }

    private static async Task<BrowserPage> MakeAsync(TestBrowser browser, string name, string days = "30", params string[] scopes)
    {
        var page = await browser.GetAsync(New);
        foreach (var box in page.Document.QuerySelectorAll("input[name=scope]"))
            if (!scopes.Contains(box.GetAttribute("value"))) box.Remove();
            else box.SetAttribute("checked", "");
        return await browser.SubmitAsync(page, new Dictionary<string, string> { ["name"] = name, ["days"] = days });
    }

    [Fact]
    public async Task A_token_is_made_shown_once_and_works()
    {
        var (browser, user) = await SignedInAsync();

        var made = await MakeAsync(browser, "Backup script", "30", "openid");

        var key = made.Document.QuerySelector("#new-key code")!.TextContent;
        Assert.True(ApiKeyText.TryRead(key, out _));
        Assert.Equal("new-key", made.Document.QuerySelector("button[data-copy]")!.GetAttribute("data-copy"));
        var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Add("X-API-Key", key);
        Assert.Equal(user.Id, (await TestServer.JsonAsync(await Server.Http.SendAsync(request))).GetProperty("sub").GetString());

        var list = await browser.GetAsync("/account/keys");
        var text = list.Document.QuerySelector("main")!.TextContent;
        Assert.Contains("Backup script", text, StringComparison.Ordinal);
        Assert.Contains(key[..12], text, StringComparison.Ordinal);
        Assert.Contains("never used", text, StringComparison.Ordinal);
        Assert.DoesNotContain(key[12..], list.Document.DocumentElement.OuterHtml, StringComparison.Ordinal);

        await Server.Services.GetRequiredService<ApiKeyUses>().FlushAsync(CancellationToken.None);
        Assert.Contains("last used", (await browser.GetAsync("/account/keys")).Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_revoked_by_its_person_and_by_nobody_else()
    {
        var (browser, _) = await SignedInAsync();
        var key = (await MakeAsync(browser, "One", "7", "openid")).Document.QuerySelector("#new-key code")!.TextContent;
        var page = await browser.GetAsync("/account/keys");
        var (stranger, _) = await SignedInAsync();
        await MakeAsync(stranger, "Two", "7", "openid");
        var theirs = await stranger.GetAsync("/account/keys");
        var id = page.Document.QuerySelector("input[name=id]")!.GetAttribute("value")!;
        await stranger.SubmitAsync(theirs, new Dictionary<string, string> { ["id"] = id });
        Assert.Equal(HttpStatusCode.OK, await UseAsync(key));

        var revoked = await browser.SubmitAsync(page, new Dictionary<string, string>());

        Assert.Contains("does not work any more", revoked.Document.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await UseAsync(key));
        Assert.Empty(revoked.Document.QuerySelectorAll("input[name=id]"));
    }

    private async Task<HttpStatusCode> UseAsync(string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Add("X-API-Key", key);
        return (await Server.Http.SendAsync(request)).StatusCode;
    }

    [Fact]
    public async Task What_is_missing_is_said_at_its_field()
    {
        var (browser, _) = await SignedInAsync();

        var nothing = await MakeAsync(browser, " ", "30");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, nothing.Status);
        Assert.NotNull(nothing.Document.QuerySelector("#name-fault"));
        Assert.NotNull(nothing.Document.QuerySelector("#scope-fault"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await MakeAsync(browser, "Too long", "5000", "openid")).Status);
        Assert.Contains("no access tokens", (await browser.GetAsync("/account/keys")).Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_offered_what_they_may_give_and_no_more()
    {
        var (browser, _) = await SignedInAsync();
        var boss = await Server.AddAdministratorAsync("kb" + Guid.NewGuid().ToString("N")[..8]);
        var bossBrowser = (await Server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, boss)).Browser;

        static string?[] Offered(BrowserPage page) => [.. page.Document.QuerySelectorAll("input[name=scope]").Select(static b => b.GetAttribute("value"))];
        var ordinary = Offered(await browser.GetAsync(New));
        var all = Offered(await bossBrowser.GetAsync(New));

        Assert.Contains("notes", ordinary);
        Assert.DoesNotContain("users:write", ordinary);
        Assert.DoesNotContain("secret-things", ordinary);
        Assert.DoesNotContain("offline_access", ordinary);
        Assert.Contains("users:write", all);
    }

    [Fact, Spec("ASVS 7.5.1")]
    public async Task Making_one_takes_a_fresh_sign_in()
    {
        await using var server = await TestServer.StartAsync();
        await server.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        var browser = (await server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, await server.AddUserAsync("alice"))).Browser;
        Assert.Equal(New, (await browser.GetAsync(New)).Url.AbsolutePath);

        server.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal("/login", (await browser.GetAsync(New)).Url.AbsolutePath);
        Assert.Equal("/account/keys", (await browser.GetAsync("/account/keys")).Url.AbsolutePath);
    }

    [Fact]
    public async Task Where_the_settings_say_so_nobody_makes_any()
    {
        await using var server = await TestServer.StartAsync(new TestServerSettings { Settings = { ["ApiKeys:PersonalTokens"] = "false" } });
        await server.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        var browser = (await server.SignInAsync("web", SharedServer.Secret, SharedServer.Callback, await server.AddUserAsync("alice"))).Browser;

        Assert.Equal("/account/keys", (await browser.GetAsync(New)).Url.AbsolutePath);
    }
}
