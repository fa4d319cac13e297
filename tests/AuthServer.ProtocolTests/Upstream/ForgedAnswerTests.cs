using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.Jose;
using AuthServer.ProtocolTests.ClientAuthentication;
using AuthServer.Testing;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace AuthServer.ProtocolTests.Upstream;

/// <summary>Answers of a provider that are not what they have to be: nobody is signed in and nothing is created.</summary>
[Spec("OIDC Core §3.1.3.7"), Spec("RFC 9700 §4.7")]
public sealed class ForgedAnswerTests(UpstreamOnSqlite shared) : IClassFixture<UpstreamOnSqlite>
{
    [Theory]
    [InlineData("iss", "https://evil.test"), InlineData("aud", "somebody-else"), InlineData("nonce", "another"), InlineData("nonce", null), InlineData("sub", null), InlineData("sub", ""), InlineData("iat", null), InlineData("exp", null)]
    [InlineData("exp", 1_000_000_000L), InlineData("azp", "somebody-else"), InlineData("iat", 9_000_000_000L), InlineData("nbf", 9_000_000_000L)]
    public Task A_wrong_claim_is_refused(string name, object? value) => RefusedAsync(provider => provider.Claims = claims => claims[name] = value);

    [Fact]
    public Task Several_audiences_without_a_word_about_the_party_are_refused() => RefusedAsync(static provider => provider.Claims = static claims => claims["aud"] = new[] { "our-id", "other" });

    [Fact]
    public Task A_token_without_a_signature_is_refused() => RefusedAsync(static provider => provider.Sign = static (claims, _) => Part(new { alg = "none" }) + "." + Part(claims) + ".");

    [Fact]
    public Task A_token_signed_with_the_public_key_as_a_secret_is_refused() => RefusedAsync(static provider => provider.Sign = static (claims, key) =>
    {
        var signed = Part(new { alg = "HS256", kid = key.Kid }) + "." + Part(claims);
        return signed + "." + Base64UrlTextEncoder.Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Assertion.SetOf(key)), Encoding.ASCII.GetBytes(signed)));
    });

    [Fact]
    public Task A_token_of_another_key_is_refused() => RefusedAsync(static provider => provider.Sign = static (claims, key) =>
    {
        using var credential = SigningCredential.FromJsonWebKey(Assertion.NewEcKey(key.Kid!), SignatureAlgorithm.ES256);
        return Assertion.Sign(credential, claims);
    });

    [Fact]
    public Task Userinfo_about_somebody_else_is_refused() => RefusedAsync(static provider => provider.UserInfo = static () => new { sub = "somebody-else", name = "Eve" });

    [Theory, Spec("RFC 9207 §2.4")]
    [InlineData("&iss=https%3A%2F%2Fevil.test")]
    [InlineData("&error=server_error")]
    [InlineData("&error=access_denied")]
    public async Task An_answer_of_another_server_or_an_error_is_no_sign_in(string more)
    {
        shared.Provider.Reset();
        var before = await shared.CountUsersAsync();
        using var browser = shared.Server.NewBrowser();
        var back = shared.Provider.Approve(await UpstreamServer.LeaveAsync(browser), "error");
        await shared.AssertRefusedAsync(browser, await browser.GetAsync(back + more), before);
    }

    [Fact]
    public async Task An_answer_counts_once_and_in_the_browser_where_the_journey_began()
    {
        shared.Provider.Reset();
        var before = await shared.CountUsersAsync();
        using var victim = shared.Server.NewBrowser();
        using var attacker = shared.Server.NewBrowser();
        // Login CSRF: the attacker's own answer, brought to the victim.
        var back = shared.Provider.Approve(await UpstreamServer.LeaveAsync(attacker), "attacker");
        await shared.AssertRefusedAsync(victim, await victim.GetAsync(back), before);
        // Whoever brought it there has used it up.
        await shared.AssertRefusedAsync(attacker, await attacker.GetAsync(back), before);

        back = shared.Provider.Approve(await UpstreamServer.LeaveAsync(attacker), "twice");
        Assert.Equal("/account", (await attacker.GetAsync(back)).Url.AbsolutePath);
        using var again = shared.Server.NewBrowser();
        await shared.AssertRefusedAsync(again, await again.GetAsync(back), before + 1);
    }

    [Fact]
    public async Task An_answer_for_one_provider_is_none_for_another()
    {
        shared.Provider.Reset();
        var before = await shared.CountUsersAsync();
        using var browser = shared.Server.NewBrowser();
        var back = shared.Provider.Approve(await UpstreamServer.LeaveAsync(browser), "mixed");
        var page = await browser.GetAsync(back.Replace("/corp/", "/closed/", StringComparison.Ordinal));
        // Refused here, before that provider's code is shown to the other one.
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        await shared.AssertRefusedAsync(browser, page, before);
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_refused()
    {
        shared.Provider.Reset();
        var before = await shared.CountUsersAsync();
        using var browser = shared.Server.NewBrowser();
        var back = shared.Provider.Approve(await UpstreamServer.LeaveAsync(browser), "late");
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(16));
        await shared.AssertRefusedAsync(browser, await browser.GetAsync(back), before);
    }

    [Fact]
    public async Task A_new_key_of_the_provider_is_fetched_when_it_is_needed_and_not_for_every_made_up_name()
    {
        shared.Provider.Reset();
        using (var browser = shared.Server.NewBrowser()) Assert.Equal("/account", (await shared.SignInAsync(browser, "rotation")).Url.AbsolutePath);
        shared.Provider.RotateKey();
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(2));
        using (var browser = shared.Server.NewBrowser()) Assert.Equal("/account", (await shared.SignInAsync(browser, "rotation")).Url.AbsolutePath);

        shared.Provider.Fetched.Clear();
        shared.Provider.Sign = static (claims, _) =>
        {
            using var credential = SigningCredential.FromJsonWebKey(Assertion.NewEcKey(Guid.NewGuid().ToString()), SignatureAlgorithm.ES256);
            return Assertion.Sign(credential, claims);
        };
        for (var i = 0; i < 5; i++)
        {
            using var browser = shared.Server.NewBrowser();
            await shared.SignInAsync(browser, "rotation");
        }

        Assert.DoesNotContain(shared.Provider.Fetched, address => address.EndsWith("/keys", StringComparison.Ordinal));
    }

    private async Task RefusedAsync(Action<FakeProvider> misbehave)
    {
        shared.Provider.Reset();
        var before = await shared.CountUsersAsync();
        misbehave(shared.Provider);
        using var browser = shared.Server.NewBrowser();
        await shared.AssertRefusedAsync(browser, await shared.SignInAsync(browser, "forged"), before);
        shared.Provider.Reset();
    }

    private static string Part(object value) => Base64UrlTextEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(value));
}
