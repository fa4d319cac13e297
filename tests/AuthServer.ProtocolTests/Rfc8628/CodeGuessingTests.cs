using System.Net;
using AuthServer.ProtocolTests.SignIn;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Rfc8628;

/// <summary>Whoever guesses codes is stopped by where they come from, by who they are, and by how many there are of them together.</summary>
[Spec("RFC 8628 §5.1")]
public sealed class CodeGuessingTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private TestUser _alice = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(new TestServerSettings
        {
            Services = TestAddress.Add,
            Settings = { ["RateLimits:UserCodesPerHour"] = "5", ["RateLimits:UserCodesOfStrangersPerHour"] = "12", ["RateLimits:DeviceRequestsPerAddressPerHour"] = "3" },
        });
        await _server.AddClientAsync(DeviceServer.Television("tv"));
        _alice = await _server.AddUserAsync("alice");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private async Task<HttpResponseMessage> TypeAsync(TestBrowser browser, string address, string code)
    {
        var page = await browser.GetAsync("/device");
        var token = page.Document.QuerySelector("input[name=csrf]")!.GetAttribute("value")!;
        var request = new HttpRequestMessage(HttpMethod.Post, "/device") { Content = new FormUrlEncodedContent([new("csrf", token), new("user_code", code)]) };
        request.Headers.Add(TestAddress.Header, address);
        request.Headers.Add("Accept", "text/html");
        request.Headers.Add("Cookie", string.Join("; ", browser.Cookies.GetAllCookies().Select(static c => $"{c.Name}={c.Value}")));
        return await _server.Http.SendAsync(request);
    }

    [Fact]
    public async Task One_source_has_few_guesses()
    {
        var codes = await _server.AskAsync();
        using var browser = _server.NewBrowser();
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TypeAsync(browser, "198.51.100.1", "BCDF-GHJK")).StatusCode);

        var refused = await TypeAsync(browser, "198.51.100.1", codes.UserCode);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("Too many attempts", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // Others, and the same one an hour later, type on.
        Assert.Equal(HttpStatusCode.Redirect, (await TypeAsync(browser, "203.0.113.9", codes.UserCode)).StatusCode);
        _server.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TypeAsync(browser, "198.51.100.1", codes.UserCode)).StatusCode);
    }

    [Fact]
    public async Task Many_sources_together_have_to_sign_in_before_they_guess_on_and_then_each_person_has_few()
    {
        var codes = await _server.AskAsync();
        using var browser = _server.NewBrowser();
        for (var i = 0; i < 12; i++) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TypeAsync(browser, $"198.51.100.{i}", "BCDF-GHJK")).StatusCode);

        var sent = await TypeAsync(browser, "198.51.100.99", codes.UserCode);
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        var next = sent.Headers.Location!.OriginalString;
        Assert.StartsWith("/login?next=", next, StringComparison.Ordinal);

        // Nobody is shut out: after the sign-in the code stands there again, and counts by the person.
        var page = await browser.SignInAsync(await browser.GetAsync(next), _alice.UserName, _alice.Password);
        Assert.Equal(codes.UserCode, page.Document.QuerySelector("input[name=user_code]")!.GetAttribute("value"));
        for (var i = 0; i < 4; i++) Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TypeAsync(browser, $"203.0.113.{i}", "BCDF-GHJK")).StatusCode);
        var right = await TypeAsync(browser, "203.0.113.50", codes.UserCode);
        Assert.StartsWith("/device/approve?request=", right.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await TypeAsync(browser, "203.0.113.51", "BCDF-GHJK")).StatusCode);
    }

    [Fact]
    public async Task Nobody_fills_the_server_with_codes()
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/connect/deviceauthorization") { Content = new FormUrlEncodedContent([new("client_id", "tv")]) };
            request.Headers.Add(TestAddress.Header, "198.51.100.1");
            answers.Add((await _server.Http.SendAsync(request)).StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers);
    }

    [Fact, Spec("ASVS 6.3.3")]
    public async Task Where_everybody_needs_two_factors_a_device_s_person_does_too()
    {
        await using var strict = await TestServer.StartAsync(new TestServerSettings { Settings = { ["Accounts:SecondFactor"] = "Everybody" } });
        await strict.AddClientAsync(DeviceServer.Television("tv"));
        var dave = await strict.AddUserAsync("dave");
        var (app, _) = await TestAuthenticator.SetUpAsync(strict, dave.Id);
        var codes = await strict.AskAsync();
        using var browser = strict.NewBrowser();

        var page = await browser.WalkAsync(await browser.TypeAsync(codes.UserCode), dave);

        Assert.Equal("/login/factor", page.Url.AbsolutePath);
        Assert.Equal("/device/approve", (await Steps.CodeAsync(browser, page, app.Code())).Url.AbsolutePath);
    }
}
