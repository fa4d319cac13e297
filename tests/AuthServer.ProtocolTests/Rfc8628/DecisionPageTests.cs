using System.Net;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.ProtocolTests.SignIn;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Rfc8628;

/// <summary>The person types the code, sees who asks, and decides; nobody decides for them.</summary>
public abstract class DecisionPageTests(DeviceServer shared)
{
    private TestServer Server => shared.Server;

    private static string Text(BrowserPage page) => page.Document.QuerySelector("main")!.TextContent;

    [Fact, Spec("RFC 8628 §3.3"), Spec("RFC 8628 §5.4")]
    public async Task The_person_signs_in_and_sees_who_asks_for_what_since_when_from_where_and_with_which_code()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/connect/deviceauthorization") { Content = new FormUrlEncodedContent([new("client_id", "tv"), new("scope", "openid profile")]) };
        request.Headers.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
        var codes = new DeviceCodes(await TestServer.JsonAsync(await Server.Http.SendAsync(request)));
        Server.Clock.Advance(TimeSpan.FromMinutes(3));

        using var browser = Server.NewBrowser();
        var login = await browser.TypeAsync(codes.UserCode);
        Assert.Equal("/login", login.Url.AbsolutePath);
        Assert.Contains("Living room tv", Text(login), StringComparison.Ordinal);
        var page = await browser.SignInAsync(login, shared.Alice.UserName, shared.Alice.Password);

        Assert.Equal("/device/approve", page.Url.AbsolutePath);
        Assert.Equal("Living room tv asks for access", page.Document.QuerySelector("h1")!.TextContent);
        Assert.Equal(codes.UserCode, page.Document.QuerySelector(".user-code")!.TextContent.Trim());
        Assert.Contains("See your profile", Text(page), StringComparison.Ordinal);
        Assert.Contains("3 min ago", Text(page), StringComparison.Ordinal);
        Assert.Contains("Firefox on Linux", Text(page), StringComparison.Ordinal);
        Assert.Contains("alice", Text(page), StringComparison.Ordinal);

        var done = await browser.DecideAsync(page, "allow");
        Assert.Equal("/device/done", done.Url.AbsolutePath);
        Assert.Contains("You can go back to your device.", Text(done), StringComparison.Ordinal);
    }

    [Theory, Spec("RFC 8628 §6.1")]
    [InlineData("lower"), InlineData("bare"), InlineData("spaced"), InlineData("wide"), InlineData("long dash")]
    public async Task A_code_is_taken_however_it_is_typed(string how)
    {
        var codes = await Server.AskAsync();
        var typed = how switch
        {
            "lower" => codes.UserCode.ToLowerInvariant(),
            "bare" => codes.UserCode.Replace("-", "", StringComparison.Ordinal),
            "spaced" => " " + string.Join(' ', codes.UserCode.Replace("-", "", StringComparison.Ordinal).ToCharArray()) + " ",
            "wide" => string.Concat(codes.UserCode.Select(static c => char.IsAsciiLetter(c) ? (char)(c + 0xFEE0) : c)),
            _ => codes.UserCode.Replace('-', '—'),
        };

        using var browser = Server.NewBrowser();
        Assert.Equal("/login", (await browser.TypeAsync(typed)).Url.AbsolutePath);
    }

    [Theory, Spec("RFC 8628 §3.3")]
    [InlineData(""), InlineData("BCDF-GHJ"), InlineData("BCDF-GHJK-L"), InlineData("AEIO-UYAE"), InlineData("1234-5678"), InlineData("\ud835"), InlineData("<script>alert(1)</script>")]
    public async Task What_is_no_code_is_said_to_be_none(string typed)
    {
        using var browser = Server.NewBrowser();
        var page = await browser.TypeAsync(typed);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/device"), (page.Status, page.Url.AbsolutePath));
        Assert.NotNull(page.Document.QuerySelector(".field-fault"));
        Assert.Null(page.Document.QuerySelector("main script"));
    }

    [Fact, Spec("RFC 8628 §3.3.1"), Spec("RFC 8628 §5.4")]
    public async Task A_link_with_the_code_fills_it_in_and_does_nothing_else()
    {
        var codes = await Server.AskAsync();
        using var browser = Server.NewBrowser();
        await Steps.PasswordAsync(browser, shared.Alice);

        var link = codes.Json.GetProperty("verification_uri_complete").GetString()![Server.Issuer.Length..];
        var page = await browser.GetAsync(link);
        Assert.Equal(codes.UserCode, page.Document.QuerySelector("input[name=user_code]")!.GetAttribute("value"));
        Assert.Equal("authorization_pending", await Server.PollAsync(codes).ErrorAsync());

        // Not even for an app of the house that is never asked about elsewhere.
        var decision = await browser.SubmitAsync(page, new Dictionary<string, string>());
        Assert.Equal("/device/approve", decision.Url.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(decision.Url.PathAndQuery)).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await browser.PostCrossSiteAsync(decision.Url.PathAndQuery, [new("decision", "allow")])).Status);
        Server.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("authorization_pending", await Server.PollAsync(codes).ErrorAsync());
    }

    [Fact, Spec("RFC 8628 §5.1")]
    public async Task Nobody_decides_without_signing_in()
    {
        var codes = await Server.AskAsync();
        using var alice = Server.NewBrowser();
        var page = await alice.ToDecisionAsync(codes, shared.Alice);

        using var stranger = Server.NewBrowser();
        Assert.Equal("/login", (await stranger.GetAsync(page.Url.PathAndQuery)).Url.AbsolutePath);
        Assert.Equal("/login", (await stranger.GetAsync("/consent" + page.Url.Query)).Url.AbsolutePath);
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.GetAsync("/device/approve?request=nothing")).Status);
        Assert.Equal("authorization_pending", await Server.PollAsync(codes).ErrorAsync());
    }

    [Fact]
    public async Task A_request_is_decided_once()
    {
        var codes = await Server.AskAsync();
        using var alice = Server.NewBrowser();
        using var bob = Server.NewBrowser();
        var (hers, his) = (await alice.ToDecisionAsync(codes, shared.Alice), await bob.ToDecisionAsync(codes, shared.Bob));
        await alice.DecideAsync(hers, "allow");

        Assert.Equal(HttpStatusCode.BadRequest, (await bob.DecideAsync(his, "allow")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await bob.DecideAsync(his, "deny")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await alice.DecideAsync(hers, "deny")).Status);
        var tokens = await Server.TokensAsync(codes);
        Assert.Equal(shared.Alice.Id, TestFlow.Claims(tokens.GetProperty("id_token").GetString()!).GetProperty("sub").GetString());
    }

    [Fact, Spec("OIDC Core §3.1.2.1")]
    public async Task A_device_can_ask_for_a_fresh_sign_in_and_for_the_account_to_be_chosen()
    {
        using var browser = Server.NewBrowser();
        await Steps.PasswordAsync(browser, shared.Alice);
        Server.Clock.Advance(TimeSpan.FromMinutes(1));

        var fresh = await Server.AskAsync(more: [("prompt", "login")]);
        var page = await browser.TypeAsync(fresh.UserCode);
        Assert.Equal("/login", page.Url.AbsolutePath);
        Assert.Equal("/device/approve", (await browser.SignInAsync(page, shared.Alice.UserName, shared.Alice.Password)).Url.AbsolutePath);

        Server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("/login", (await browser.TypeAsync((await Server.AskAsync(more: [("max_age", "30")])).UserCode)).Url.AbsolutePath);
        page = await browser.TypeAsync((await Server.AskAsync(more: [("prompt", "select_account")])).UserCode);
        Assert.Equal("/select-account", page.Url.AbsolutePath);
        Assert.Equal("/device/approve", (await browser.SubmitAsync(page, new Dictionary<string, string>(), "current")).Url.AbsolutePath);
    }

    [Fact, Spec("RFC 9470 §4")]
    public async Task A_device_that_wants_two_factors_gets_them()
    {
        var carol = await Server.AddUserAsync("carol-" + Handle.New().Reveal()[..6].ToLowerInvariant().Replace('_', 'x').Replace('-', 'x'));
        var (app, _) = await TestAuthenticator.SetUpAsync(Server, carol.Id);
        var codes = await Server.AskAsync(more: [("acr_values", AuthenticationContexts.MultiFactor)]);
        using var browser = Server.NewBrowser();

        var page = await browser.WalkAsync(await browser.TypeAsync(codes.UserCode), carol);
        Assert.Equal("/login/factor", page.Url.AbsolutePath);
        Assert.Equal("/login", (await browser.GetAsync("/device/approve" + page.Url.Query)).Url.AbsolutePath);
        page = await Steps.CodeAsync(browser, page, app.Code());
        Assert.Equal("/device/approve", page.Url.AbsolutePath);
        await browser.DecideAsync(page, "allow");
        Assert.Equal(AuthenticationContexts.MultiFactor, TestFlow.Claims((await Server.TokensAsync(codes)).GetProperty("id_token").GetString()!).GetProperty("acr").GetString());
    }

    [Fact, Spec("RFC 9470 §4")]
    public async Task Being_signed_in_with_less_is_not_enough_for_it()
    {
        using var browser = Server.NewBrowser();
        await Steps.PasswordAsync(browser, shared.Alice);

        Assert.Equal("/device/approve", (await browser.TypeAsync((await Server.AskAsync()).UserCode)).Url.AbsolutePath);
        var page = await browser.TypeAsync((await Server.AskAsync(more: [("acr_values", AuthenticationContexts.MultiFactor)])).UserCode);
        Assert.Equal("/login/enrol", page.Url.AbsolutePath);
        Assert.Equal("/login/enrol", (await browser.GetAsync("/device/approve" + page.Url.Query)).Url.AbsolutePath);
    }

    [Fact, Spec("RFC 8628 §3.3")]
    public async Task The_pages_speak_the_language_the_device_asked_for_and_look_as_its_app()
    {
        var codes = await Server.AskAsync(more: [("ui_locales", "de")]);
        using var browser = Server.NewBrowser();
        var page = await browser.ToDecisionAsync(codes, shared.Alice);

        Assert.Equal("de", page.Document.DocumentElement.GetAttribute("lang"));
        Assert.Contains("genau diesen Code", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_is_removed_asks_nobody_any_more()
    {
        await Server.AddClientAsync(DeviceServer.Television("old-tv"));
        var codes = await Server.AskAsync("old-tv");
        using var browser = Server.NewBrowser();
        var page = await browser.ToDecisionAsync(codes, shared.Alice);
        await Server.AddClientAsync(DeviceServer.Television("old-tv") with { Enabled = false });

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.DecideAsync(page, "allow")).Status);
        await Server.AddClientAsync(new Client { ClientId = "old-tv", GrantTypes = [GrantTypes.AuthorizationCode], TokenEndpointAuthMethod = "none", RedirectUris = ["https://tv.test/"] });
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.DecideAsync(page, "allow")).Status);
    }
}

public sealed class DecisionPageTestsOnSqlite(DevicesOnSqlite shared) : DecisionPageTests(shared), IClassFixture<DevicesOnSqlite>;

public sealed class DecisionPageTestsOnPostgreSql(DevicesOnPostgreSql shared) : DecisionPageTests(shared), IClassFixture<DevicesOnPostgreSql>;
