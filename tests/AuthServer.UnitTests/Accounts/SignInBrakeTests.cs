using AuthServer.Engine.Accounts;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Accounts;

[Spec("ASVS 6.3.1")]
public sealed class SignInBrakeTests
{
    private const string Wrong = "not the password at all";

    [Theory]
    [InlineData("alice")]
    [InlineData("nobody")]
    public async Task Of_two_hundred_parallel_guesses_only_the_allowed_few_are_tried(string identifier)
    {
        using var bench = new AccountsBench(settings: [("HashQueue", "1000")]);
        bench.Add("alice");
        MeetAfterRead(bench, 200);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => bench.AttemptAsync(identifier, Wrong))));
        Assert.Equal(5, bench.Hasher.Hashes);
        Assert.Equal(5, outcomes.Count(o => o is SignInOutcome.Refused));
        Assert.Equal(195, outcomes.Count(o => o is SignInOutcome.LockedOut));
    }

    [Fact]
    public async Task After_a_wait_one_of_many_parallel_guesses_is_tried()
    {
        using var bench = new AccountsBench(settings: [("HashQueue", "1000")]);
        bench.Add("alice");
        for (var i = 0; i < 5; i++) await bench.AttemptAsync("alice", Wrong);
        bench.Clock.Advance(TimeSpan.FromSeconds(30));
        bench.Hasher.Reset();
        MeetAfterRead(bench, 50);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => bench.AttemptAsync("alice", Wrong))));
        Assert.Equal(1, bench.Hasher.Hashes);
    }

    [Fact]
    public async Task The_wait_doubles_up_to_the_longest_and_even_the_right_password_has_to_sit_it_out()
    {
        using var bench = new AccountsBench();
        bench.Add("alice");
        for (var i = 0; i < 5; i++) Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("alice", Wrong));
        foreach (var seconds in new[] { 30, 60, 120, 240, 480, 900, 900 })
        {
            var locked = Assert.IsType<SignInOutcome.LockedOut>(await bench.AttemptAsync("alice"));
            Assert.Equal(bench.Clock.GetUtcNow().AddSeconds(seconds), locked.Until);
            bench.Clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.IsType<SignInOutcome.LockedOut>(await bench.AttemptAsync("alice"));
            bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
            Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("alice", Wrong));
        }

        bench.Clock.Advance(TimeSpan.FromSeconds(900));
        Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("alice"));
        Assert.Equal(0, bench.Failures.Rows);
    }

    [Fact]
    public async Task A_success_forgives_the_failures_before_it()
    {
        using var bench = new AccountsBench();
        bench.Add("alice");
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 4; i++) Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("alice", Wrong));
            Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("alice"));
        }
    }

    [Fact]
    public async Task Failures_are_forgotten_after_a_quiet_day()
    {
        using var bench = new AccountsBench();
        bench.Add("alice");
        for (var i = 0; i < 4; i++) await bench.AttemptAsync("alice", Wrong);
        bench.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++) Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("alice", Wrong));
        Assert.IsType<SignInOutcome.LockedOut>(await bench.AttemptAsync("alice", Wrong));
    }

    [Fact]
    public async Task Nobody_can_lock_somebody_else_out()
    {
        using var bench = new AccountsBench();
        bench.Add("alice");
        for (var i = 0; i < 10; i++) await bench.AttemptAsync("alice", Wrong, "203.0.113.66");
        Assert.IsType<SignInOutcome.LockedOut>(await bench.AttemptAsync("alice", address: "203.0.113.66"));
        Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("alice", address: "192.0.2.1"));
        Assert.IsType<SignInOutcome.LockedOut>(await bench.AttemptAsync("alice", address: "203.0.113.66"));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:1:2:3", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData(null, "no address", true)]
    public async Task A_source_is_an_IPv4_address_or_an_IPv6_network(string? first, string second, bool same)
    {
        using var bench = new AccountsBench();
        bench.Add("alice");
        for (var i = 0; i < 5; i++) await bench.AttemptAsync("alice", Wrong, first);
        Assert.Equal(same, await bench.AttemptAsync("alice", Wrong, second) is SignInOutcome.LockedOut);
    }

    [Theory]
    [InlineData("mike", "MIKE")]
    [InlineData("mike", "mi\u212Ae")] // the Kelvin sign, which normalises to K
    public async Task Every_spelling_that_finds_the_account_counts_against_it(string first, string second)
    {
        using var bench = new AccountsBench();
        bench.Add("mike");
        for (var i = 0; i < 5; i++) await bench.AttemptAsync(first, Wrong);
        Assert.IsType<SignInOutcome.LockedOut>(await bench.AttemptAsync(second));
    }

    [Fact]
    public async Task The_store_is_not_told_what_was_typed()
    {
        using var bench = new AccountsBench();
        await bench.AttemptAsync("hunter2-typed-into-the-wrong-field", Wrong);
        var (account, source) = Assert.Single(bench.Failures.Keys);
        Assert.Matches(@"\A[0-9a-f]{64}\z", account);
        Assert.Equal("192.0.2.1", source);
    }

    /// <summary>The worst order of events: everybody has looked for a block before anybody is counted.</summary>
    private static void MeetAfterRead(AccountsBench bench, int count)
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = 0;
        bench.Failures.AfterRead = () =>
        {
            if (Interlocked.Increment(ref arrived) == count) all.SetResult();
            return all.Task;
        };
    }
}
