using System.Net;
using AuthServer.Engine.Audit;
using AuthServer.ProtocolTests.ApiKeys;
using AuthServer.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.RateLimits;

/// <summary>What a caller sees of limits: at the APIs, and at the pages.</summary>
[Spec("RFC 6585 §4")]
public sealed class RateLimitTests : IClassFixture<RateLimitTests.Fixture>
{
    private readonly Fixture _shared;

    public RateLimitTests(Fixture shared) => _shared = shared;

    public sealed class Fixture : KeyedServer
    {
        protected override TestServerSettings Settings => new()
        {
            Services = TestAddress.Add,
            Settings = { ["RateLimits:SignInsPerAddressPerHour"] = "8", ["RateLimits:SignInsPerAccountPerHour"] = "3", ["RateLimits:RegistrationsPerAddressPerHour"] = "2", ["RateLimits:ResetsPerAddressPerHour"] = "5", ["RateLimits:ResetsPerAccountPerHour"] = "2", ["Accounts:FailuresBeforeDelay"] = "100" },
        };
    }

    private TestServer Server => _shared.Server;

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

    [Fact, Spec("RFC 9110 §10.2.3")]
    public async Task A_key_s_own_limit_holds_is_told_and_resets()
    {
        var own = new Fixture();
        await own.InitializeAsync();
        try
        {
            var (id, key) = await own.NewKeyAsync("user_id", own.Administrator.Id, ["users:read"], ""","rate_per_hour":3""");
            own.Server.Clock.Advance(TimeSpan.FromMinutes(10));

            var first = await own.SendAsync(HttpMethod.Get, TestAdmin.Api + "/users?limit=1", key);
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            Assert.Equal(("3", "2", "3000", "\"key\";q=3;w=3600", "\"key\";r=2;t=3000"), (Header(first, "RateLimit-Limit"), Header(first, "RateLimit-Remaining"), Header(first, "RateLimit-Reset"), Header(first, "RateLimit-Policy"), Header(first, "RateLimit")));
            Assert.Equal("", Header(first, "Retry-After"));
            for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.OK, await own.UseAsync(key));

            for (var i = 0; i < 3; i++)
            {
                var refused = await own.SendAsync(HttpMethod.Get, TestAdmin.Api + "/users?limit=1", key);
                Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
                Assert.Equal(("0", "3000", ""), (Header(refused, "RateLimit-Remaining"), Header(refused, "Retry-After"), Header(refused, "WWW-Authenticate")));
                Assert.Equal("too-many-requests", (await KeyedServer.ProblemAsync(refused)).Type);
            }

            // Another endpoint counts on the same account and answers in its own words.
            var exchange = await own.SendAsync(HttpMethod.Post, "/api/keys/token", key);
            Assert.Equal((HttpStatusCode.TooManyRequests, "3000"), (exchange.StatusCode, Header(exchange, "Retry-After")));
            Assert.Equal("too_many_requests", (await TestServer.JsonAsync(exchange)).GetProperty("error").GetString());

            own.Server.Clock.Advance(TimeSpan.FromSeconds(2999));
            Assert.Equal(HttpStatusCode.TooManyRequests, await own.UseAsync(key));
            own.Server.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(HttpStatusCode.OK, await own.UseAsync(key));

            await own.Server.Services.GetRequiredService<AuditTrail>().FlushAsync(CancellationToken.None);
            var boss = await own.Server.AdminTokenAsync();
            var told = await TestServer.JsonAsync(await own.Server.AdminAsync(HttpMethod.Get, $"/audit?kind=rate_limited&target=api_key:{id}", boss));
            Assert.Equal(1, told.GetProperty("items").GetArrayLength());
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_thousand_an_hour_is_what_a_key_has_unless_it_says_otherwise()
    {
        var (_, key) = await _shared.NewKeyAsync("user_id", _shared.Administrator.Id, ["openid"]);

        Assert.Equal("1000", Header(await _shared.SendAsync(HttpMethod.Get, "/connect/userinfo", key), "RateLimit-Limit"));
        Assert.Equal("20000", Header(await Server.AdminAsync(HttpMethod.Get, "/users", _shared.Boss), "RateLimit-Limit"));
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string address, params (string Name, string Value)[] values)
    {
        using var browser = Server.NewBrowser();
        var page = await browser.GetAsync(path);
        var token = page.Document.QuerySelector("input[name=csrf]")!.GetAttribute("value")!;
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([.. values.Append(("csrf", token)).Select(static v => KeyValuePair.Create(v.Item1, v.Item2))]) };
        request.Headers.Add(TestAddress.Header, address);
        request.Headers.Add("Accept", "text/html");
        request.Headers.Add("Cookie", string.Join("; ", browser.Cookies.GetAllCookies().Select(static c => $"{c.Name}={c.Value}")));
        return await Server.Http.SendAsync(request);
    }

    private async Task<HttpStatusCode> SignInAsync(string address, string account) => (await PostAsync("/login", address, ("username", account), ("password", "wrong password for sure"))).StatusCode;

    [Fact, Spec("ASVS 6.3.1")]
    public async Task Sign_in_forms_are_limited_for_an_account_from_one_address_and_nobody_else_is_shut_out()
    {
        for (var i = 0; i < 3; i++) Assert.NotEqual(HttpStatusCode.TooManyRequests, await SignInAsync("198.51.100.1", "alice"));

        var refused = await PostAsync("/login", "198.51.100.1", ("username", " ALICE "), ("password", TestServer.Password));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("text/html", refused.Content.Headers.ContentType!.MediaType);
        Assert.Contains("Too many attempts", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEqual("", Header(refused, "Retry-After"));
        // From elsewhere Alice gets in, and from here others do, until the address has had its share.
        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync("/login", "203.0.113.9", ("username", "alice"), ("password", TestServer.Password))).StatusCode);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await SignInAsync("198.51.100.1", "somebody else"));
        for (var i = 0; i < 4; i++) await SignInAsync("198.51.100.1", "name" + i);
        Assert.Equal(HttpStatusCode.TooManyRequests, await SignInAsync("198.51.100.1", "one more"));
    }

    [Fact]
    public async Task Addresses_of_one_IPv6_network_count_together_and_the_machine_s_own_not_at_all()
    {
        for (var i = 0; i < 8; i++) await SignInAsync($"2001:db8:1:2::{i + 1}", "name" + i);

        Assert.Equal(HttpStatusCode.TooManyRequests, await SignInAsync("2001:db8:1:2:ffff::1", "another"));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await SignInAsync("2001:db8:1:3::1", "another"));
        for (var i = 0; i < 10; i++) Assert.NotEqual(HttpStatusCode.TooManyRequests, await SignInAsync("127.0.0.1", "alice"));
    }

    [Fact]
    public async Task Registrations_and_forgotten_passwords_have_limits_of_their_own()
    {
        for (var i = 0; i < 2; i++) Assert.NotEqual(HttpStatusCode.TooManyRequests, (await PostAsync("/register", "198.51.100.7", ("username", ""))).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync("/register", "198.51.100.7", ("username", ""))).StatusCode);

        // The same for accounts that exist and those that do not: the answer tells nobody who has one.
        foreach (var account in new[] { "alice", "nobody at all" })
        {
            for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.OK, (await PostAsync("/forgot", "198.51.100.8", ("username", account))).StatusCode);
            if (account == "alice") Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync("/forgot", "198.51.100.8", ("username", account))).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync("/forgot", "198.51.100.8", ("username", "nobody at all"))).StatusCode);
    }
}
