using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Account;

/// <summary>The first page of an account: how it stands, and what needs attention.</summary>
public sealed class OverviewPageTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private static string Text(BrowserPage page) => string.Join(' ', page.Document.QuerySelector("main")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public async Task The_way_in_leads_who_is_signed_in_to_their_account()
    {
        var user = await _server.AddUserAsync("alice", """{"name":"Alice Adams"}""");
        using var browser = await AccountServer.SignedInAsync(_server, user);

        var page = await browser.GetAsync("/");

        Assert.Equal("/account", page.Url.AbsolutePath);
        Assert.Equal("Alice Adams", page.Document.QuerySelector("h1")!.TextContent);
    }

    [Theory]
    [InlineData("""{}""", "There is no email address", "is not confirmed")]
    [InlineData("""{"email":"alice@example.com"}""", "Your email address is not confirmed", "There is no email")]
    [InlineData("""{"email":"alice@example.com","email_verified":true}""", "protected by one step only", "email address is not confirmed")]
    public async Task What_is_missing_is_said_and_nothing_else(string claims, string says, string not)
    {
        var user = await _server.AddUserAsync("alice", claims);
        using var browser = await AccountServer.SignedInAsync(_server, user);

        var text = Text(await browser.GetAsync("/account"));

        Assert.Contains(says, text, StringComparison.Ordinal);
        Assert.DoesNotContain(not, text, StringComparison.Ordinal);
    }

    [Fact, Spec("ASVS 6.3.5")]
    public async Task Many_refused_sign_ins_are_told_and_the_sign_in_before_this_one_is_shown()
    {
        var user = await _server.AddUserAsync("alice");
        using var before = await AccountServer.SignedInAsync(_server, user);
        _server.Clock.Advance(TimeSpan.FromHours(3));
        using var stranger = _server.NewBrowser();
        for (var i = 0; i < 7; i++)
        {
            _server.Clock.Advance(TimeSpan.FromMinutes(20));
            await stranger.SignInAsync(await stranger.GetAsync("/login"), "alice", "wrong password " + i);
        }

        _server.Clock.Advance(TimeSpan.FromMinutes(20));
        using var browser = await AccountServer.SignedInAsync(_server, user);
        await FlushAsync();

        var text = Text(await browser.GetAsync("/account"));

        Assert.Contains("Several sign-ins were refused", text, StringComparison.Ordinal);
        Assert.Contains("Sign-in before this one 5 h ago", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_left_unused_for_too_long_is_not_shown_as_one()
    {
        var user = await _server.AddUserAsync("alice");
        using var old = await AccountServer.SignedInAsync(_server, user);
        _server.Clock.Advance(TimeSpan.FromHours(7));
        using var browser = await AccountServer.SignedInAsync(_server, user);
        Assert.Equal(2, (await browser.GetAsync("/account/sessions")).Document.QuerySelectorAll("main li").Length);

        _server.Clock.Advance(TimeSpan.FromMinutes(61));

        Assert.Single((await browser.GetAsync("/account/sessions")).Document.QuerySelectorAll("main li"));
        Assert.True(await AccountServer.IsSignedOutAsync(old));
    }

    [Fact]
    public async Task Consent_stands_in_the_activity_by_the_name_of_the_app()
    {
        await _server.AddClientAsync(SharedServer.Web("asks") with { ClientName = "Notes", ConsentType = ConsentTypes.Explicit }, SharedServer.Secret);
        var user = await _server.AddUserAsync("alice");
        var flow = await _server.SignInAsync("asks", SharedServer.Secret, SharedServer.Callback, user);
        await AccountServer.PostAsync(flow.Browser, await flow.Browser.GetAsync("/account/apps"), "/account/apps?handler=Remove", ("client", "asks"));
        await FlushAsync();

        var text = Text(await flow.Browser.GetAsync("/account/activity"));

        Assert.Contains("Notes got access", text, StringComparison.Ordinal);
        Assert.Contains("Access of Notes was removed", text, StringComparison.Ordinal);
    }

    private Task FlushAsync() => _server.Services.GetRequiredService<AuditTrail>().FlushAsync(CancellationToken.None);
}
