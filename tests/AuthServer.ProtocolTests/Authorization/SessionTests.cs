using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Authorization;

/// <summary>How long a sign-in lasts and what its cookie is worth.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private const string CookieName = "__Host-session";
    private TestServer _server = null!;
    private TestUser _alice = null!;
    private TestUser _bob = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(new TestServerSettings { Settings = { ["Accounts:SessionIdleMinutes"] = "60", ["Accounts:SessionHours"] = "5" } });
        await _server.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        _alice = await _server.AddUserAsync("alice");
        _bob = await _server.AddUserAsync("bob");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private string? CookieOf(TestBrowser browser) => browser.Cookies.GetCookies(new Uri(_server.Issuer))[CookieName]?.Value;

    private TestBrowser BrowserWith(string cookie)
    {
        var browser = _server.NewBrowser();
        browser.Cookies.Add(new Cookie(CookieName, cookie, "/", new Uri(_server.Issuer).Host) { Secure = true });
        return browser;
    }

    private static async Task<bool> IsSignedInAsync(TestBrowser browser) => (await browser.GetAsync(Ask.Url("web", ("prompt", "none"))))["code"] is not null;

    [Fact, Spec("ASVS 7.3.1")]
    public async Task A_session_that_nobody_uses_ends()
    {
        using var used = await Ask.SignedInAsync(_server, _alice);
        using var unused = await Ask.SignedInAsync(_server, _alice);
        _server.Clock.Advance(TimeSpan.FromMinutes(40));
        Assert.True(await IsSignedInAsync(used));
        _server.Clock.Advance(TimeSpan.FromMinutes(40));
        Assert.True(await IsSignedInAsync(used));
        Assert.False(await IsSignedInAsync(unused));
    }

    [Fact, Spec("ASVS 7.3.2")]
    public async Task A_session_ends_however_much_it_is_used()
    {
        using var browser = await Ask.SignedInAsync(_server, _alice);
        for (var i = 0; i < 9; i++)
        {
            _server.Clock.Advance(TimeSpan.FromMinutes(30));
            Assert.True(await IsSignedInAsync(browser));
        }

        _server.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact, Spec("ASVS 7.2.4")]
    public async Task Each_sign_in_gives_a_new_cookie_and_the_old_one_is_worth_nothing()
    {
        using var browser = await Ask.SignedInAsync(_server, _alice);
        var old = CookieOf(browser)!;
        using (var copied = BrowserWith(old)) Assert.True(await IsSignedInAsync(copied));

        Assert.NotNull((await browser.AuthorizeAsync(Ask.Url("web", ("prompt", "login")), _alice))["code"]);

        Assert.NotEqual(old, CookieOf(browser));
        Assert.True(await IsSignedInAsync(browser));
        using var stolen = BrowserWith(old);
        Assert.False(await IsSignedInAsync(stolen));
    }

    [Fact, Spec("ASVS 7.2.4")]
    public async Task Somebody_else_signing_in_ends_the_session_before()
    {
        using var browser = await Ask.SignedInAsync(_server, _alice);
        var old = CookieOf(browser)!;
        Assert.NotNull((await browser.AuthorizeAsync(Ask.Url("web", ("prompt", "login")), _bob))["code"]);
        using var stolen = BrowserWith(old);
        Assert.False(await IsSignedInAsync(stolen));
        Assert.Equal(_bob.Id, await Ask.WhoIsSignedInAsync(_server, browser));
    }

    [Fact, Spec("ASVS 7.4.1")]
    public async Task A_cookie_kept_from_before_signing_out_is_worth_nothing_after()
    {
        using var browser = await Ask.SignedInAsync(_server, _alice);
        var old = CookieOf(browser)!;
        var page = await browser.GetAsync("/logout");
        await browser.SubmitAsync(page, new Dictionary<string, string>());
        Assert.False(await IsSignedInAsync(browser));
        using var stolen = BrowserWith(old);
        Assert.False(await IsSignedInAsync(stolen));
    }

    [Fact, Spec("ASVS 3.3.1")]
    public async Task The_cookie_is_bound_to_this_host_to_https_and_away_from_script()
    {
        using var browser = _server.NewBrowser();
        var login = await browser.GetAsync(Ask.Url("web"));
        using var handler = _server.NewHandler();
        using var http = new HttpClient(handler) { BaseAddress = new Uri(_server.Issuer) };
        using var request = new HttpRequestMessage(HttpMethod.Post, login.Url);
        request.Headers.Add("Cookie", browser.Cookies.GetCookieHeader(login.Url));
        var fields = login.Document.QuerySelector("input[type=password]")!.Closest("form")!.QuerySelectorAll("input[type=hidden]").ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value")!);
        var name = login.Document.QuerySelector("input[autocomplete~=username]")!.GetAttribute("name")!;
        var password = login.Document.QuerySelector("input[type=password]")!.GetAttribute("name")!;
        request.Content = new FormUrlEncodedContent(fields.Append(new(name, _alice.UserName)).Append(new(password, _alice.Password)));

        var response = await http.SendAsync(request);

        var cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith(CookieName + "=", StringComparison.Ordinal));
        var attributes = cookie.Split("; ").Skip(1).Select(a => a.ToLowerInvariant()).Order().ToArray();
        Assert.Equal(["httponly", "path=/", "samesite=lax", "secure"], attributes);
    }
}
