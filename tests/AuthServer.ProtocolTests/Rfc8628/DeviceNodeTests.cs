using System.Net;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Rfc8628;

/// <summary>The device talks to one node, its person to another.</summary>
public sealed class DeviceNodeTests(DevicesOnTwoNodes shared) : IClassFixture<DevicesOnTwoNodes>
{
    private const int Many = 100;

    [Fact, Spec("RFC 8628 §3.5")]
    public async Task The_person_decides_at_one_node_and_the_device_hears_of_it_at_the_other()
    {
        var (one, two) = (shared.Nodes[0], shared.Nodes[1]);
        await shared.ReloadAsync();
        var codes = await two.AskAsync();
        Assert.Equal("authorization_pending", await two.PollAsync(codes).ErrorAsync());
        // The interval is known to both.
        Assert.Equal("slow_down", await one.PollAsync(codes).ErrorAsync());

        using var browser = one.NewBrowser();
        await browser.ApproveAsync(codes, shared.Alice);
        Assert.True((await two.TokensAsync(codes)).TryGetProperty("access_token", out _));
    }

    [Fact, Spec("RFC 8628 §3.4"), Spec("ASVS 10.4.2")]
    public async Task Of_many_who_redeem_one_device_code_one_at_most_succeeds_and_what_it_got_falls()
    {
        await shared.ReloadAsync();
        var codes = await shared.Server.AskAsync(scope: "openid offline_access");
        using var browser = shared.Server.NewBrowser();
        await browser.ApproveAsync(codes, shared.Alice);

        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Enumerable.Range(0, Many).Select(async i =>
        {
            await go.Task;
            using var response = await Task.Run(() => shared.Nodes[i % shared.Nodes.Count].PollAsync(codes));
            return (response.StatusCode, Body: await TestServer.JsonAsync(response));
        }).ToArray();
        go.SetResult();
        var answers = await Task.WhenAll(all);

        var winners = answers.Where(static a => a.StatusCode == HttpStatusCode.OK).ToList();
        Assert.True(winners.Count <= 1, $"{winners.Count} redeemed the code");
        Assert.All(answers.Except(winners), static a => Assert.Equal("invalid_grant", a.Body.GetProperty("error").GetString()));
        foreach (var winner in winners)
            Assert.Equal("invalid_grant", await shared.Server.RefreshAsync("tv", null, winner.Body.GetProperty("refresh_token").GetString()!).ErrorAsync());
    }

    [Fact]
    public async Task Of_two_who_decide_at_the_same_moment_one_does()
    {
        await shared.ReloadAsync();
        for (var round = 0; round < 5; round++)
        {
            var codes = await shared.Server.AskAsync();
            using var alice = shared.Nodes[0].NewBrowser();
            using var bob = shared.Nodes[1].NewBrowser();
            var (hers, his) = (await alice.ToDecisionAsync(codes, shared.Alice), await bob.ToDecisionAsync(codes, shared.Bob));

            var ends = await Task.WhenAll(Task.Run(() => alice.DecideAsync(hers, "allow")), Task.Run(() => bob.DecideAsync(his, "allow")));

            Assert.Single(ends, static page => page.Url.AbsolutePath == "/device/done");
            var subject = TestFlow.Claims((await shared.Nodes[1].TokensAsync(codes)).GetProperty("id_token").GetString()!).GetProperty("sub").GetString();
            Assert.Equal(ends[0].Url.AbsolutePath == "/device/done" ? shared.Alice.Id : shared.Bob.Id, subject);
        }
    }
}
