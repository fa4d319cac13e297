using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Xunit;

namespace AuthServer.UnitTests.Accounts;

public sealed class PasswordSignInTests
{
    [Fact]
    public async Task The_right_password_tells_whose_it_is_and_makes_no_sign_in_by_itself()
    {
        using var bench = new AccountsBench();
        var alice = bench.Add("alice");
        var signedIn = Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("Alice"));
        Assert.Same(alice, signedIn.User);
        Assert.Empty(bench.Audit.Events);
    }

    [Theory]
    [InlineData("nobody", AccountsBench.Password)]
    [InlineData("nobody@example.com", AccountsBench.Password)]
    [InlineData("alice", "something else entirely")]
    [InlineData("passwordless", AccountsBench.Password)]
    [InlineData("disabled", AccountsBench.Password)]
    [InlineData("locked", AccountsBench.Password)]
    [Spec("ASVS 6.3.8")]
    public async Task Every_refusal_is_the_same_answer_and_costs_one_hash(string identifier, string password)
    {
        using var bench = new AccountsBench();
        bench.Add("alice");
        bench.Add("disabled").Disabled = true;
        bench.Add("locked").LockoutEnd = bench.Clock.GetUtcNow().AddMinutes(1);
        bench.Add("passwordless").PasswordHash = null;
        Assert.Equal(new SignInOutcome.Refused(), await bench.AttemptAsync(identifier, password));
        Assert.Equal(1, bench.Hasher.Hashes);
    }

    [Fact]
    public async Task A_refusal_is_remembered_with_its_reason_and_without_the_password()
    {
        using var bench = new AccountsBench();
        var alice = bench.Add("alice");
        await bench.AttemptAsync("alice", "not-her-password");
        var entry = Assert.Single(bench.Audit.Events);
        Assert.Equal(new AuditEvent(AuditKind.SignInRefused, Subject: alice.Id, Address: "192.0.2.1", Detail: "wrong password"), entry);
    }

    [Fact]
    public async Task A_lock_that_is_over_does_not_refuse()
    {
        using var bench = new AccountsBench();
        bench.Add("alice").LockoutEnd = bench.Clock.GetUtcNow();
        Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("alice"));
    }

    [Fact]
    public async Task An_address_finds_its_account_only_where_it_was_verified()
    {
        using var bench = new AccountsBench();
        bench.Add("bob", "bob@example.com");
        bench.Add("carol", "carol@example.com", emailConfirmed: true);
        Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("bob@example.com"));
        Assert.Equal("carol", Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("Carol@Example.com")).User.UserName);
    }

    [Fact]
    [Spec("ASVS 6.3.1")]
    public async Task A_stranger_who_notes_my_address_or_takes_it_as_a_name_does_not_shut_me_out()
    {
        using var bench = new AccountsBench();
        bench.Add("mallory", "carol@example.com");
        bench.Add("carol@example.com", hash: "test:the stranger's own");
        bench.Add("carol", "carol@example.com", emailConfirmed: true);
        Assert.Equal("carol", Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("carol@example.com")).User.UserName);
    }

    [Fact]
    public async Task An_address_verified_for_two_accounts_means_neither()
    {
        using var bench = new AccountsBench();
        bench.Add("carol", "family@example.com", emailConfirmed: true);
        bench.Add("dave", "family@example.com", emailConfirmed: true);
        Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("family@example.com"));
    }

    [Fact]
    public async Task A_name_that_looks_like_an_address_is_a_name()
    {
        using var bench = new AccountsBench();
        bench.Add("erin@example.com");
        Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("erin@example.com"));
    }

    [Theory]
    [InlineData("caf\u00E9 au lait, s'il vous pla\u00EEt")]
    [InlineData("  spaces around it count  ")]
    [InlineData("\U0001F600\U0001F601\U0001F602\U0001F603 and NUL \0 too")]
    [Spec("ASVS 6.2.8")]
    public async Task A_password_is_taken_as_typed(string password)
    {
        using var bench = new AccountsBench(realHashes: true);
        Assert.IsType<RegistrationOutcome.Registered>(await bench.Registration.RegisterAsync(AccountsBench.Form("alice", password), null, CancellationToken.None));
        Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("alice", password.Trim() + "."));
        Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("alice", password[..^1]));
        Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("alice", password));
    }

    [Fact]
    public async Task What_cannot_be_anybodys_is_refused_before_it_is_hashed()
    {
        using var bench = new AccountsBench();
        bench.Add("alice");
        Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("alice", new string('x', 257)));
        Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync(new string('x', 257)));
        Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("ali\uD800ce"));
        Assert.Equal(0, bench.Hasher.Hashes);
        Assert.Equal(0, bench.Failures.Rows);
    }

    [Fact]
    public async Task A_hash_made_with_other_parameters_is_made_anew_at_sign_in()
    {
        using var bench = new AccountsBench(realHashes: true);
        var old = new PasswordHasher<User>().HashPassword(new User(), AccountsBench.Password);
        var alice = bench.Add("alice", hash: old);
        var stamp = alice.SecurityStamp;
        Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("alice", "something else entirely"));
        Assert.Equal(old, alice.PasswordHash);
        Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("alice"));
        Assert.StartsWith("$argon2id$v=19$m=8192,t=1,p=1$", alice.PasswordHash, StringComparison.Ordinal);
        Assert.Equal((1, stamp), (bench.Users.Updates, alice.SecurityStamp));
        Assert.IsType<SignInOutcome.Right>(await bench.AttemptAsync("alice"));
        Assert.Equal(1, bench.Users.Updates);
    }

    [Fact]
    [Spec("ASVS 6.3.1")]
    public async Task A_full_queue_answers_busy_and_counts_no_failure()
    {
        using var bench = new AccountsBench(settings: [("ParallelHashes", "1"), ("HashQueue", "1")]);
        bench.Add("alice");
        using var hashing = new SemaphoreSlim(0);
        using var go = new ManualResetEventSlim();
        bench.Hasher.Working = () =>
        {
            hashing.Release();
            go.Wait();
        };

        var first = bench.AttemptAsync("alice");
        await hashing.WaitAsync();
        var waiting = bench.AttemptAsync("alice");
        for (var i = 0; i < 20; i++) Assert.IsType<SignInOutcome.Busy>(await bench.AttemptAsync("bob"));
        Assert.Single(bench.Failures.Keys);

        go.Set();
        Assert.IsType<SignInOutcome.Right>(await first);
        Assert.IsType<SignInOutcome.Right>(await waiting);
        Assert.Equal(2, bench.Hasher.Hashes);
        Assert.IsType<SignInOutcome.Refused>(await bench.AttemptAsync("bob"));
    }
}
