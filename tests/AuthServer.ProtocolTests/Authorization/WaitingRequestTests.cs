using System.Net;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Authorization;

/// <summary>The handle of a request that waits for a person, and the session of the browser it waits in.</summary>
public sealed class WaitingRequestTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private TestUser _alice = null!;
    private TestUser _bob = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.AddClientAsync(SharedServer.Web("web"), SharedServer.Secret);
        await _server.AddClientAsync(SharedServer.Web("asker") with { ConsentType = ConsentTypes.Explicit }, SharedServer.Secret);
        _alice = await _server.AddUserAsync("alice");
        _bob = await _server.AddUserAsync("bob");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private static string Continue(BrowserPage page) => "/connect/authorize/continue" + page.Url.Query;

    private static async Task AssertGoneAsync(TestBrowser browser, BrowserPage page)
    {
        foreach (var path in new[] { "/connect/authorize/continue", "/login", "/consent", "/select-account", "/register" })
        {
            var answer = await browser.GetAsync(path + page.Url.Query);
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, answer.Status));
            Assert.Null(answer.Callback);
        }
    }

    [Fact, Spec("RFC 9700 §4.7")]
    public async Task What_one_browser_proved_for_a_request_is_worth_nothing_in_another()
    {
        using var alices = await Ask.SignedInAsync(_server, _alice);
        using var bobs = await Ask.SignedInAsync(_server, _bob);
        var page = await alices.GetAsync(Ask.Url("asker", ("prompt", "select_account")));
        page = await alices.SubmitAsync(page, new Dictionary<string, string>(), "current");
        Assert.Equal("/consent", page.Url.AbsolutePath);

        using var empty = _server.NewBrowser();
        Assert.Equal("/login", (await empty.GetAsync(Continue(page))).Url.AbsolutePath);
        Assert.Equal("/login", (await empty.GetAsync("/consent" + page.Url.Query)).Url.AbsolutePath);
        Assert.Equal("/select-account", (await bobs.GetAsync(Continue(page))).Url.AbsolutePath);

        // The one who began it goes on as if nothing had happened.
        Assert.NotNull((await alices.SubmitAsync(page, new Dictionary<string, string>(), "allow"))["code"]);
    }

    [Fact, Spec("RFC 9700 §4.7")]
    public async Task A_refusal_in_one_browser_does_not_answer_for_another()
    {
        using var alices = await Ask.SignedInAsync(_server, _alice);
        using var bobs = await Ask.SignedInAsync(_server, _bob);
        var page = await alices.GetAsync(Ask.Url("asker"));
        Assert.Equal("/consent", (await bobs.GetAsync(Continue(page))).Url.AbsolutePath);
        Assert.Equal("access_denied", (await alices.SubmitAsync(page, new Dictionary<string, string>(), "deny"))["error"]);
        await AssertGoneAsync(bobs, page);
    }

    [Fact, Spec("RFC 9700 §4.7")]
    public async Task A_finished_request_is_gone()
    {
        using var browser = _server.NewBrowser();
        var page = await browser.GetAsync(Ask.Url("web"));
        Assert.NotNull((await browser.SignInAsync(page, _alice.UserName, _alice.Password))["code"]);
        await AssertGoneAsync(browser, page);
    }

    [Fact, Spec("RFC 9700 §4.7")]
    public async Task A_request_waits_for_half_an_hour()
    {
        using var browser = _server.NewBrowser();
        var early = await browser.GetAsync(Ask.Url("web"));
        _server.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/login" + early.Url.Query)).Status);
        var late = await browser.GetAsync(Ask.Url("web"));
        _server.Clock.Advance(TimeSpan.FromMinutes(1));
        await AssertGoneAsync(browser, early);
        Assert.NotNull((await browser.SignInAsync(late, _alice.UserName, _alice.Password))["code"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?request=")]
    [InlineData("?request=x")]
    [InlineData("?request=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("?request=a&request=b")]
    public async Task A_made_up_handle_leads_nowhere(string query)
    {
        using var browser = await Ask.SignedInAsync(_server, _alice);
        var page = await browser.GetAsync("/connect/authorize/continue" + query);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Null(page.Callback);
    }
}
