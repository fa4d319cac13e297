using AuthServer.Engine.Accounts;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>The guessing brake, the setup code and Identity's own tables.</summary>
public abstract class AccountConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : AccountConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : AccountConformance(TestStorage.PostgreSql);

    private ISignInFailureStore Failures => Database.Get<ISignInFailureStore>();

    private ISetupCodeStore Codes => Database.Get<ISetupCodeStore>();

    private Task<SignInFailures> FailAsync(string account = "alice", string source = "10.0.0.1") => Failures.AddAsync(account, source, Now, Now.AddDays(-1), None);

    [Fact]
    public async Task Failures_are_counted_per_account_and_source()
    {
        Assert.Null(await Failures.ReadAsync("alice", "10.0.0.1", None));
        Assert.Equal(new SignInFailures(1, null), await FailAsync());
        Assert.Equal(new SignInFailures(2, null), await FailAsync());
        Assert.Equal(new SignInFailures(1, null), await FailAsync(source: "10.0.0.2"));
        Assert.Equal(new SignInFailures(1, null), await FailAsync(account: "bob"));

        Assert.Equal(new SignInFailures(2, null), await Failures.ReadAsync("alice", "10.0.0.1", None));
    }

    [Fact]
    public async Task Every_one_of_two_hundred_guesses_at_once_counts()
    {
        var counted = await Database.CrowdAsync<ISignInFailureStore, SignInFailures>(store => store.AddAsync("alice", "10.0.0.1", Now, Now.AddDays(-1), None));

        Assert.Equal(Enumerable.Range(1, TestDatabase.Crowd), counted.Select(c => c.Failures).Order());
        Assert.Equal(TestDatabase.Crowd, (await Failures.ReadAsync("alice", "10.0.0.1", None))!.Failures);
    }

    [Fact]
    public async Task Old_failures_are_forgotten()
    {
        await FailAsync();
        Database.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(2, (await FailAsync()).Failures);
        Database.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, (await FailAsync()).Failures);
    }

    [Fact]
    public async Task The_wait_is_moved_by_who_knows_its_present_end()
    {
        await FailAsync();
        await FailAsync(source: "10.0.0.2");
        var (first, second) = (Now.AddMinutes(1), Now.AddMinutes(2));

        Assert.True(await Failures.TrySetBlockAsync("alice", "10.0.0.1", null, first, None));
        Assert.False(await Failures.TrySetBlockAsync("alice", "10.0.0.1", null, second, None));
        Assert.True(await Failures.TrySetBlockAsync("alice", "10.0.0.1", first, second, None));
        Assert.False(await Failures.TrySetBlockAsync("nobody", "10.0.0.1", null, first, None));

        Assert.Equal(new SignInFailures(1, second), await Failures.ReadAsync("alice", "10.0.0.1", None));
        Assert.Equal(new SignInFailures(2, second), await FailAsync());
        Assert.Null((await Failures.ReadAsync("alice", "10.0.0.2", None))!.BlockedUntil);
    }

    [Fact]
    public async Task Of_two_hundred_who_move_the_wait_at_once_one_does()
    {
        await FailAsync();

        Assert.Equal(1, await Database.RaceAsync<ISignInFailureStore>(store => store.TrySetBlockAsync("alice", "10.0.0.1", null, Now.AddMinutes(1), None)));
    }

    [Fact]
    public async Task A_right_password_clears_its_own_source_only()
    {
        await FailAsync();
        await FailAsync(source: "10.0.0.2");

        await Failures.ResetAsync("alice", "10.0.0.1", None);

        Assert.Null(await Failures.ReadAsync("alice", "10.0.0.1", None));
        Assert.NotNull(await Failures.ReadAsync("alice", "10.0.0.2", None));
    }

    [Fact]
    public async Task A_setup_code_is_used_once_and_in_time()
    {
        var (code, late) = (TestDatabase.Hash(), TestDatabase.Hash());
        await Codes.AddAsync(code, Now.AddHours(1), None);
        await Codes.AddAsync(late, Now, None);

        Assert.True(await Codes.IsOpenAsync(code, Now, None));
        Assert.False(await Codes.IsOpenAsync(late, Now, None));
        Assert.False(await Codes.IsOpenAsync(TestDatabase.Hash(), Now, None));

        Assert.True(await Codes.TryUseAsync(code, Now, None));
        Assert.False(await Codes.TryUseAsync(code, Now, None));
        Assert.False(await Codes.TryUseAsync(late, Now, None));
        Assert.False(await Codes.TryUseAsync(TestDatabase.Hash(), Now, None));
        Assert.False(await Codes.IsOpenAsync(code, Now, None));
    }

    [Fact]
    public async Task Of_two_hundred_who_use_a_setup_code_at_once_one_does()
    {
        var code = TestDatabase.Hash();
        await Codes.AddAsync(code, Now.AddHours(1), None);

        Assert.Equal(1, await Database.RaceAsync<ISetupCodeStore>(store => store.TryUseAsync(code, Now, None)));
    }

    [Fact]
    public async Task An_administrator_is_noticed()
    {
        await Database.AddUserAsync();
        Assert.False(await Codes.AnyAdministratorAsync(None));

        await Database.AddUserAsync(u => u.IsAdministrator = true);

        Assert.True(await Codes.AnyAdministratorAsync(None));
    }

    [Fact]
    public async Task Identity_keeps_its_users_claims_logins_tokens_locks_and_passkeys_here()
    {
        var lockout = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var users = Database.NewUserManager(out var scope);
        await using (scope)
        {
            var user = new User { UserName = "alice", Email = "alice@mail.test", CreatedAt = Now, UpdatedAt = Now, Profile = """{"name":"Alice"}""" };
            Assert.True((await users.CreateAsync(user)).Succeeded);
            Assert.True((await users.AddClaimAsync(user, new("k", "v"))).Succeeded);
            Assert.True((await users.AddLoginAsync(user, new UserLoginInfo("other", "1", "Other"))).Succeeded);
            Assert.True((await users.SetAuthenticationTokenAsync(user, "other", "t", "v")).Succeeded);
            Assert.True((await users.SetLockoutEndDateAsync(user, lockout)).Succeeded);
            Assert.True((await users.AddOrUpdatePasskeyAsync(user, new UserPasskeyInfo([1, 2], [3], Now, 0, ["usb"], true, false, false, [4], [5]) { Name = "key" })).Succeeded);
        }

        var again = Database.NewUserManager(out scope);
        await using (scope)
        {
            var user = await again.FindByNameAsync("ALICE");
            Assert.Equal(("alice@mail.test", """{"name":"Alice"}""", Now, lockout), (user!.Email, user.Profile, user.CreatedAt, user.LockoutEnd));
            Assert.Equal("v", Assert.Single(await again.GetClaimsAsync(user)).Value);
            Assert.Equal(user.Id, (await again.FindByLoginAsync("other", "1"))!.Id);
            Assert.Equal("v", await again.GetAuthenticationTokenAsync(user, "other", "t"));
            Assert.Equal(user.Id, (await again.FindByPasskeyIdAsync([1, 2]))!.Id);
            Assert.Equal("key", Assert.Single(await again.GetPasskeysAsync(user)).Name);
        }
    }
}
