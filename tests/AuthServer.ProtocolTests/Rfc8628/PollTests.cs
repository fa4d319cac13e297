using System.Net;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.ProtocolTests.Security;
using AuthServer.Storage;
using AuthServer.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Rfc8628;

/// <summary>The device asks until its person has decided, and gets its tokens once.</summary>
public abstract class PollTests(DeviceServer shared)
{
    private TestServer Server => shared.Server;

    private void Wait(double seconds) => Server.Clock.Advance(TimeSpan.FromSeconds(seconds));

    [Fact, Spec("RFC 8628 §3.4"), Spec("RFC 8628 §3.5")]
    public async Task The_device_waits_for_its_person_and_then_has_tokens()
    {
        var codes = await Server.AskAsync(scope: "openid profile offline_access", more: [("nonce", "n-1")]);
        Assert.Equal("authorization_pending", await Server.PollAsync(codes).ErrorAsync());

        using var browser = Server.NewBrowser();
        var page = await browser.ToDecisionAsync(codes, shared.Alice);
        Wait(5);
        Assert.Equal("authorization_pending", await Server.PollAsync(codes).ErrorAsync());
        await browser.DecideAsync(page, "allow");
        Wait(5);
        using var answer = await Server.PollAsync(codes);
        var tokens = await TestServer.JsonAsync(answer);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("openid profile offline_access", tokens.GetProperty("scope").GetString());
        var identity = TestFlow.Claims(tokens.GetProperty("id_token").GetString()!);
        Assert.Equal((shared.Alice.Id, "tv", "n-1"), (identity.GetProperty("sub").GetString(), identity.GetProperty("aud").GetString(), identity.GetProperty("nonce").GetString()));
        Assert.Equal(AuthenticationContexts.SingleFactor, identity.GetProperty("acr").GetString());
        Assert.Equal("Alice", (await TestServer.JsonAsync(await Server.GetAsync("/connect/userinfo", tokens.GetProperty("access_token").GetString()))).GetProperty("given_name").GetString());
        Assert.Equal(HttpStatusCode.OK, (await Server.RefreshAsync("tv", null, tokens.GetProperty("refresh_token").GetString()!)).StatusCode);
    }

    [Fact, Spec("RFC 8628 §3.5")]
    public async Task Who_asks_too_early_waits_five_seconds_longer_from_then_on()
    {
        var codes = await Server.AskAsync();
        Assert.Equal("authorization_pending", await Server.PollAsync(codes).ErrorAsync());
        Wait(4);
        Assert.Equal("slow_down", await Server.PollAsync(codes).ErrorAsync());
        Wait(9);
        Assert.Equal("slow_down", await Server.PollAsync(codes).ErrorAsync());
        Wait(15);
        Assert.Equal("authorization_pending", await Server.PollAsync(codes).ErrorAsync());
        Wait(14);
        Assert.Equal("slow_down", await Server.PollAsync(codes).ErrorAsync());

        // Impatience delays nobody who may go on.
        using var browser = Server.NewBrowser();
        await browser.ApproveAsync(codes, shared.Alice);
        Assert.Null(await Server.PollAsync(codes).ErrorAsync());
    }

    [Fact, Spec("RFC 8628 §3.5")]
    public async Task A_refusal_is_told()
    {
        var codes = await Server.AskAsync();
        using var browser = Server.NewBrowser();
        var page = await browser.DecideAsync(await browser.ToDecisionAsync(codes, shared.Alice), "deny");

        Assert.Equal("/device/done", page.Url.AbsolutePath);
        Assert.Equal("access_denied", await Server.PollAsync(codes).ErrorAsync());
        Assert.Equal("access_denied", await Server.PollAsync(codes).ErrorAsync());
    }

    [Fact, Spec("RFC 8628 §3.5"), Spec("RFC 8628 §3.2")]
    public async Task After_ten_minutes_it_is_over_for_the_device_and_for_its_person()
    {
        var (waiting, approved) = (await Server.AskAsync(), await Server.AskAsync());
        using var browser = Server.NewBrowser();
        await browser.ApproveAsync(approved, shared.Alice);
        var page = await browser.ToDecisionAsync(waiting, shared.Alice);
        Wait(599);
        Assert.Equal("authorization_pending", await Server.PollAsync(waiting).ErrorAsync());
        Wait(1);

        Assert.Equal("expired_token", await Server.PollAsync(waiting).ErrorAsync());
        Assert.Equal("expired_token", await Server.PollAsync(approved).ErrorAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.DecideAsync(page, "allow")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.TypeAsync(waiting.UserCode)).Status);
        Assert.Equal("expired_token", await Server.PollAsync(waiting).ErrorAsync());

        // It is remembered for ten minutes, and then forgotten.
        var rows = Server.Services.GetRequiredService<ExpiredRows>();
        await rows.PruneAsync(100, Server.Clock.GetUtcNow().AddMinutes(10), CancellationToken.None);
        Assert.Equal("expired_token", await Server.PollAsync(waiting).ErrorAsync());
        await rows.PruneAsync(100, Server.Clock.GetUtcNow().AddMinutes(10).AddMilliseconds(1), CancellationToken.None);
        Assert.Equal("invalid_grant", await Server.PollAsync(waiting).ErrorAsync());
    }

    [Fact, Spec("RFC 8628 §3.4"), Spec("RFC 6749 §5.2")]
    public async Task A_code_is_of_use_to_the_client_that_asked_for_it_only()
    {
        var codes = await Server.AskAsync();
        using var browser = Server.NewBrowser();
        await browser.ApproveAsync(codes, shared.Alice);

        Assert.Equal("invalid_grant", await Server.PollAsync(codes, "foreign-tv").ErrorAsync());
        Assert.Equal("invalid_request", await Server.TokenAsync([("grant_type", GrantTypes.DeviceCode), ("client_id", "tv")]).ErrorAsync());
        Assert.Equal("invalid_grant", await Server.TokenAsync([("grant_type", GrantTypes.DeviceCode), ("device_code", "nonsense"), ("client_id", "tv")]).ErrorAsync());
        Assert.Equal("invalid_grant", await Server.TokenAsync([("grant_type", GrantTypes.DeviceCode), ("device_code", Handle.New().Reveal()), ("client_id", "tv")]).ErrorAsync());
        Assert.Equal("unauthorized_client", await Server.TokenAsync([("grant_type", GrantTypes.DeviceCode), ("device_code", codes.DeviceCode)], AttackedServer.Web).ErrorAsync());
        // None of these cost the device anything.
        Assert.Null(await Server.PollAsync(codes).ErrorAsync());
    }

    [Fact, Spec("RFC 8628 §3.4"), Spec("RFC 6749 §10.5")]
    public async Task A_second_use_costs_the_first_one_its_tokens()
    {
        var codes = await Server.AskAsync(scope: "openid offline_access");
        using var browser = Server.NewBrowser();
        await browser.ApproveAsync(codes, shared.Alice);
        var tokens = await Server.TokensAsync(codes);

        Assert.Equal("invalid_grant", await Server.PollAsync(codes).ErrorAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("/connect/userinfo", tokens.GetProperty("access_token").GetString())).StatusCode);
        Assert.Equal("invalid_grant", await Server.RefreshAsync("tv", null, tokens.GetProperty("refresh_token").GetString()!).ErrorAsync());
    }

    [Fact, Spec("OIDC Core §11")]
    public async Task Without_offline_access_the_device_is_signed_out_with_its_person()
    {
        var (bound, free, late) = (await Server.AskAsync(), await Server.AskAsync(scope: "openid offline_access"), await Server.AskAsync());
        using var browser = Server.NewBrowser();
        foreach (var codes in new[] { bound, free, late }) await browser.ApproveAsync(codes, shared.Alice);
        var (withPerson, alone) = (await Server.TokensAsync(bound), await Server.TokensAsync(free));

        await SignIn.Steps.SignOutAsync(browser);

        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("/connect/userinfo", withPerson.GetProperty("access_token").GetString())).StatusCode);
        Assert.Equal("invalid_grant", await Server.RefreshAsync("tv", null, withPerson.GetProperty("refresh_token").GetString()!).ErrorAsync());
        Assert.Equal("invalid_grant", await Server.PollAsync(late).ErrorAsync());
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("/connect/userinfo", alone.GetProperty("access_token").GetString())).StatusCode);
    }

    [Fact, Spec("ASVS 7.4.2"), Spec("ASVS 10.7.3")]
    public async Task Tokens_fall_when_the_person_takes_the_app_back_and_when_they_are_disabled()
    {
        var (first, second, third) = (await Server.AskAsync("foreign-tv", "openid offline_access"), await Server.AskAsync("foreign-tv", "openid offline_access"), await Server.AskAsync("foreign-tv", "openid offline_access"));
        using var browser = Server.NewBrowser();
        await browser.ApproveAsync(first, shared.Bob);
        var token = (await Server.TokensAsync(first, "foreign-tv")).GetProperty("access_token").GetString();
        Assert.Contains(await Server.Services.GetRequiredService<OwnApps>().ListAsync(shared.Bob.Id, CancellationToken.None), static app => app is { ClientId: "foreign-tv", Asked: true });

        Assert.True(await Server.Services.GetRequiredService<OwnApps>().TryRemoveAsync(shared.Bob.Id, "foreign-tv", null, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("/connect/userinfo", token)).StatusCode);

        await browser.ApproveAsync(second, shared.Bob);
        await browser.ApproveAsync(third, shared.Bob);
        token = (await Server.TokensAsync(second, "foreign-tv")).GetProperty("access_token").GetString();
        await DisableAsync(true);
        try
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("/connect/userinfo", token)).StatusCode);
            Assert.Equal("invalid_grant", await Server.PollAsync(third, "foreign-tv").ErrorAsync());
        }
        finally
        {
            await DisableAsync(false);
        }
    }

    [Fact, Spec("ASVS 16.3.1")]
    public async Task The_trail_has_decisions_and_refusals_but_not_every_question()
    {
        var (yes, no) = (await Server.AskAsync(), await Server.AskAsync());
        using var browser = Server.NewBrowser();
        await Server.PollAsync(yes).ErrorAsync();
        await Server.PollAsync(yes).ErrorAsync();
        await browser.ApproveAsync(yes, shared.Alice);
        await browser.DecideAsync(await browser.ToDecisionAsync(no, shared.Alice), "deny");
        await Server.TokensAsync(yes);
        await Server.PollAsync(no).ErrorAsync();

        await Server.Services.GetRequiredService<AuditTrail>().FlushAsync(CancellationToken.None);
        await using var scope = Server.Services.CreateAsyncScope();
        var events = await scope.ServiceProvider.GetRequiredService<AuthDbContext>().AuditEvents.AsNoTracking().Where(static e => e.ClientId == "tv").OrderByDescending(static e => e.Id).Take(4).ToListAsync();
        events.Reverse();
        Assert.Equal([("ConsentGiven", "for a device: openid"), ("ConsentRefused", "for a device"), ("GrantIssued", GrantTypes.DeviceCode), ("GrantRefused", "access_denied")], events.Select(static e => (e.Kind.ToString(), e.Detail)));
        Assert.DoesNotContain(events, static e => e.Detail is "authorization_pending" or "slow_down");
    }

    [Fact, Spec("RFC 8707 §2.2")]
    public async Task The_token_is_for_the_API_that_was_asked_for()
    {
        var codes = await Server.AskAsync(scope: "api", more: [("resource", "https://api.test/")]);
        using var browser = Server.NewBrowser();
        await browser.ApproveAsync(codes, shared.Alice);
        var tokens = await Server.TokensAsync(codes);

        Assert.Equal("https://api.test/", TestFlow.Claims(tokens.GetProperty("access_token").GetString()!).GetProperty("aud").GetString());
        Assert.False(tokens.TryGetProperty("id_token", out _));
    }

    [Fact, Spec("OIDC Core §11")]
    public async Task A_client_that_cannot_refresh_gets_no_refresh_token()
    {
        var codes = await Server.AskAsync("plain-tv", "openid offline_access");
        using var browser = Server.NewBrowser();
        await browser.ApproveAsync(codes, shared.Alice);
        var tokens = await Server.TokensAsync(codes, "plain-tv");

        Assert.False(tokens.TryGetProperty("refresh_token", out _));
        Assert.Equal("openid", tokens.GetProperty("scope").GetString());
    }

    private async Task DisableAsync(bool disabled)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var id = shared.Bob.Id;
        await scope.ServiceProvider.GetRequiredService<AuthDbContext>().Users.Where(u => u.Id == id).ExecuteUpdateAsync(set => set.SetProperty(static u => u.Disabled, disabled));
    }
}

public sealed class PollTestsOnSqlite(DevicesOnSqlite shared) : PollTests(shared), IClassFixture<DevicesOnSqlite>;

public sealed class PollTestsOnPostgreSql(DevicesOnPostgreSql shared) : PollTests(shared), IClassFixture<DevicesOnPostgreSql>;
