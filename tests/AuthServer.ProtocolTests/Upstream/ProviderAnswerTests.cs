using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Upstream;

/// <summary>What a provider says about addresses, about itself, and for how long that is believed.</summary>
public sealed class ProviderAnswerTests(UpstreamOnSqlite shared) : IClassFixture<UpstreamOnSqlite>
{
    private const string Directory = "3f1f7c1e-8f43-4c38-9c5b-0c8f6c3b5a11";

    [Fact, Spec("OIDC Core §5.1")]
    public async Task A_word_about_one_address_does_not_count_for_another_one()
    {
        shared.Provider.Reset();
        shared.Provider.Claims = static claims => claims["email"] = "victim@corp.test";
        shared.Provider.UserInfo = static () => new { sub = "two-addresses", email = "own@corp.test", email_verified = true };
        using var browser = shared.Server.NewBrowser();
        await shared.SignInAsync(browser, "two-addresses");
        var user = (await shared.FindAsync("corp", "two-addresses"))!;
        Assert.False(user is { Email: "victim@corp.test", EmailConfirmed: true });
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_mapped_address_is_not_the_one_that_the_provider_verified(bool mappedFirst)
    {
        shared.Provider.Reset();
        var subject = "mapped-" + mappedFirst;
        shared.Provider.Claims = claims =>
        {
            if (mappedFirst) claims["mail"] = "typed-in@corp.test";
            (claims["email"], claims["email_verified"]) = ("own@corp.test", true);
            claims["mail"] = "typed-in@corp.test";
        };
        using var browser = shared.Server.NewBrowser();
        await shared.SignInAsync(browser, subject, "mapped");
        var user = (await shared.FindAsync("mapped", subject))!;
        Assert.Equal(("typed-in@corp.test", false), (user.Email, user.EmailConfirmed));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_mapped_address_counts_where_its_own_claim_vouches_for_it(bool verified)
    {
        shared.Provider.Reset();
        var subject = "vouched-" + verified;
        shared.Provider.Claims = claims => (claims["email"], claims["email_verified"], claims["mail"], claims["mail_checked"]) = ("own@corp.test", !verified, subject + "@corp.test", verified);
        using var browser = shared.Server.NewBrowser();
        await shared.SignInAsync(browser, subject, "vouched");
        var user = (await shared.FindAsync("vouched", subject))!;
        Assert.Equal((subject + "@corp.test", verified), (user.Email, user.EmailConfirmed));
    }

    [Fact, Spec("OIDC Core §5.3.2")]
    public async Task Userinfo_may_vouch_for_the_address_that_the_token_named()
    {
        shared.Provider.Reset();
        shared.Provider.Claims = static claims => claims["email"] = "same@corp.test";
        shared.Provider.UserInfo = static () => new { sub = "same-address", email = "same@corp.test", email_verified = true };
        using var browser = shared.Server.NewBrowser();
        await shared.SignInAsync(browser, "same-address");
        Assert.True((await shared.FindAsync("corp", "same-address"))!.EmailConfirmed);
    }

    [Fact, Spec("OIDC Discovery §4.3")]
    public async Task Personal_accounts_of_Microsoft_come_from_the_directory_that_Microsoft_names()
    {
        shared.Provider.Reset();
        shared.Provider.Claims = static claims => (claims["iss"], claims["tid"]) = (FakeProvider.MicrosoftHost + FakeProvider.Consumers + "/v2.0", FakeProvider.Consumers);
        using var browser = shared.Server.NewBrowser();
        Assert.Equal("/account", (await shared.SignInAsync(browser, "personal", "ms-personal")).Url.AbsolutePath);
        Assert.NotNull(await shared.FindAsync("ms-personal", "personal"));
    }

    [Fact, Spec("OIDC Core §3.1.3.7")]
    public async Task Directories_that_share_one_address_each_speak_for_themselves()
    {
        shared.Provider.Reset();
        shared.Provider.Claims = static claims => (claims["iss"], claims["tid"]) = (FakeProvider.MicrosoftHost + Directory + "/v2.0", Directory);
        using (var browser = shared.Server.NewBrowser()) Assert.Equal("/account", (await shared.SignInAsync(browser, "work", "ms-common")).Url.AbsolutePath);

        foreach (var (issuer, directory) in new (string, string?)[]
        {
            (FakeProvider.MicrosoftHost + FakeProvider.Consumers + "/v2.0", Directory), (FakeProvider.MicrosoftHost + "{tenantid}/v2.0", "{tenantid}"), (FakeProvider.MicrosoftHost + "evil/v2.0", "evil"),
            (FakeProvider.MicrosoftHost + Directory + "/v2.0", null), (FakeProvider.Issuer, Directory),
        })
        {
            shared.Provider.Claims = claims => (claims["iss"], claims["tid"]) = (issuer, directory);
            var before = await shared.CountUsersAsync();
            using var browser = shared.Server.NewBrowser();
            await shared.AssertRefusedAsync(browser, await shared.SignInAsync(browser, "stranger", "ms-common"), before);
        }
    }
}

/// <summary>The documents are remembered with an end. These move the clock far, so they have a server of their own.</summary>
public sealed class ProviderDocumentTests(UpstreamOnSqlite shared) : IClassFixture<UpstreamOnSqlite>
{
    [Fact, Spec("RFC 9207 §2.4")]
    public async Task A_provider_that_always_names_itself_is_not_believed_without_its_name()
    {
        shared.Provider.Reset();
        shared.Server.Clock.Advance(TimeSpan.FromDays(2));
        shared.Provider.Metadata = static document => document["authorization_response_iss_parameter_supported"] = true;
        using var browser = shared.Server.NewBrowser();
        var before = await shared.CountUsersAsync();
        var back = shared.Provider.Approve(await UpstreamServer.LeaveAsync(browser), "unnamed");
        await shared.AssertRefusedAsync(browser, await browser.GetAsync(back), before);
        back = shared.Provider.Approve(await UpstreamServer.LeaveAsync(browser), "unnamed");
        Assert.Equal("/account", (await browser.GetAsync(back + "&iss=" + Uri.EscapeDataString(FakeProvider.Issuer))).Url.AbsolutePath);
        shared.Provider.Reset();
        shared.Server.Clock.Advance(TimeSpan.FromDays(2));
    }

    [Fact]
    public async Task A_document_that_names_another_issuer_is_not_used()
    {
        shared.Provider.Reset();
        shared.Server.Clock.Advance(TimeSpan.FromDays(2));
        shared.Provider.Metadata = static document => document["issuer"] = "https://evil.test";
        using var browser = shared.Server.NewBrowser();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await UpstreamServer.PressAsync(browser));
        shared.Provider.Reset();
    }

    [Fact]
    public async Task What_cannot_be_fetched_stays_in_force_for_a_day_and_no_longer()
    {
        shared.Provider.Reset();
        shared.Server.Clock.Advance(TimeSpan.FromDays(2));
        using var browser = shared.Server.NewBrowser();
        Assert.Equal("/account", (await shared.SignInAsync(browser, "outage")).Url.AbsolutePath);

        shared.Provider.DocumentsAway = true;
        shared.Server.Clock.Advance(TimeSpan.FromHours(23));
        using (var later = shared.Server.NewBrowser()) Assert.Equal("/account", (await shared.SignInAsync(later, "outage")).Url.AbsolutePath);
        shared.Server.Clock.Advance(TimeSpan.FromHours(2));
        using (var later = shared.Server.NewBrowser()) Assert.Equal(HttpStatusCode.ServiceUnavailable, await UpstreamServer.PressAsync(later));
        shared.Provider.Reset();
    }

    [Fact, Spec("OIDC Core §10.1.1")]
    public async Task A_key_that_cannot_be_confirmed_for_a_day_is_worth_nothing()
    {
        shared.Provider.Reset();
        shared.Server.Clock.Advance(TimeSpan.FromDays(2));
        using (var browser = shared.Server.NewBrowser()) Assert.Equal("/account", (await shared.SignInAsync(browser, "keys")).Url.AbsolutePath);
        shared.Provider.KeysAway = true;
        for (var hours = 0; hours < 26; hours += 2)
        {
            shared.Server.Clock.Advance(TimeSpan.FromHours(2));
            using var between = shared.Server.NewBrowser();
            await shared.SignInAsync(between, "keys");
        }

        var before = await shared.CountUsersAsync();
        using var later = shared.Server.NewBrowser();
        await shared.AssertRefusedAsync(later, await shared.SignInAsync(later, "keys"), before);
        shared.Provider.Reset();
    }
}
