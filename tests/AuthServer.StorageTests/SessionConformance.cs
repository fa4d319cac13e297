using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Sessions, and the grants that live and die with them.</summary>
public abstract class SessionConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : SessionConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : SessionConformance(TestStorage.PostgreSql);

    private ISessionStore Store => Database.Get<ISessionStore>();

    private async Task<bool> IsRevokedAsync(Grant grant) => (await Database.Get<ITokenStore>().FindGrantAsync(grant.Id, "token", None))!.Grant.RevokedAt is not null;

    [Fact]
    public async Task A_session_comes_back_as_it_was_stored_with_its_user()
    {
        var user = await Database.AddUserAsync(u => u.IsAdministrator = true);
        var session = new Session
        {
            Id = TestDatabase.Id(), UserId = user.Id, KeyHash = TestDatabase.Hash(), CreatedAt = Now.AddMinutes(-3), AuthTime = Now.AddMinutes(-2), Amr = ["pwd", "otp"], Acr = "2",
            LastSeenAt = Now.AddMinutes(-1), ExpiresAt = Now.AddDays(1), Address = "::1", UserAgent = "Browser/ä", Persistent = true,
        };
        await Store.AddAsync(session, None);

        var found = await Store.FindAsync(session.Id, None);

        Assert.NotNull(found);
        Assert.Equivalent(session, found.Session, strict: true);
        Assert.Equal((user.UserName, true, true), (found.UserName, found.UserMaySignIn, found.IsAdministrator));
        Assert.Null(await Store.FindAsync("nobody", None));
    }

    [Theory]
    [InlineData("disabled = TRUE", false)]
    [InlineData("lockout_end = 253402300799999", false)]
    [InlineData("lockout_end = 1780000000000", true)]
    public async Task A_disabled_or_locked_user_cannot_use_the_session(string change, bool maySignIn)
    {
        var user = await Database.AddUserAsync();
        var session = await Database.AddSessionAsync(user);
        await Database.ChangeUserAsync(user, change);

        var found = await Store.FindAsync(session.Id, None);

        Assert.Equal((maySignIn, false), (found!.UserMaySignIn, found.IsAdministrator));
    }

    [Fact]
    [Spec("ASVS 7.2.4")]
    public async Task A_renewed_session_keeps_its_id_and_changes_its_key()
    {
        var session = await Database.AddSessionAsync(await Database.AddUserAsync());
        Database.Clock.Advance(TimeSpan.FromHours(1));
        var key = TestDatabase.Hash();

        Assert.True(await Store.TryRenewAsync(session.Id, key, Now, ["hwk"], "3", Now.AddDays(7), true, None));

        var renewed = session with { KeyHash = key, AuthTime = Now, LastSeenAt = Now, Amr = ["hwk"], Acr = "3", ExpiresAt = Now.AddDays(7), Persistent = true };
        Assert.Equivalent(renewed, (await Store.FindAsync(session.Id, None))!.Session, strict: true);
    }

    [Fact]
    public async Task A_session_that_has_ended_is_not_renewed()
    {
        var session = await Database.AddSessionAsync(await Database.AddUserAsync());
        await Store.TryEndAsync(session.Id, Now, None);

        Assert.False(await Store.TryRenewAsync(session.Id, TestDatabase.Hash(), Now, ["pwd"], "1", Now.AddDays(7), false, None));
        Assert.False(await Store.TryRenewAsync("nobody", TestDatabase.Hash(), Now, ["pwd"], "1", Now.AddDays(7), false, None));

        Assert.Equivalent(session.KeyHash, (await Store.FindAsync(session.Id, None))!.Session.KeyHash, strict: true);
    }

    [Fact]
    public async Task When_a_session_was_last_seen_moves_forward_only()
    {
        var session = await Database.AddSessionAsync(await Database.AddUserAsync());

        await Store.TouchAsync(session.Id, Now.AddMinutes(2), None);
        await Store.TouchAsync(session.Id, Now.AddMinutes(1), None);

        Assert.Equivalent(session with { LastSeenAt = Now.AddMinutes(2) }, (await Store.FindAsync(session.Id, None))!.Session, strict: true);
    }

    [Fact]
    public async Task Ending_a_session_revokes_its_own_grants_and_no_others()
    {
        var user = await Database.AddUserAsync();
        var (session, other) = (await Database.AddSessionAsync(user), await Database.AddSessionAsync(user));
        var (bound, offline, others) = (await Database.AddGrantAsync(user, session), await Database.AddGrantAsync(user, session, bound: false), await Database.AddGrantAsync(user, other));
        var at = Now;

        Assert.True(await Store.TryEndAsync(session.Id, at, None));
        Assert.False(await Store.TryEndAsync(session.Id, at.AddMinutes(1), None));
        Assert.False(await Store.TryEndAsync("nobody", at, None));

        Assert.Equal(at, (await Store.FindAsync(session.Id, None))!.Session.EndedAt);
        Assert.Null((await Store.FindAsync(other.Id, None))!.Session.EndedAt);
        Assert.True(await IsRevokedAsync(bound));
        Assert.False(await IsRevokedAsync(offline));
        Assert.False(await IsRevokedAsync(others));
    }

    [Fact]
    public async Task Of_two_hundred_who_end_a_session_at_once_one_did()
    {
        var session = await Database.AddSessionAsync(await Database.AddUserAsync());

        Assert.Equal(1, await Database.RaceAsync<ISessionStore>(store => store.TryEndAsync(session.Id, Now, None)));
    }

    [Fact]
    public async Task All_sessions_of_a_user_end_but_the_one_that_asks()
    {
        var (alice, bob) = (await Database.AddUserAsync(), await Database.AddUserAsync());
        var (here, there, gone, bobs) = (await Database.AddSessionAsync(alice), await Database.AddSessionAsync(alice), await Database.AddSessionAsync(alice), await Database.AddSessionAsync(bob));
        Grant[] kept = [await Database.AddGrantAsync(alice, here), await Database.AddGrantAsync(alice, there, bound: false), await Database.AddGrantAsync(bob, bobs)];
        var fallen = await Database.AddGrantAsync(alice, there);
        await Store.TryEndAsync(gone.Id, Now.AddMinutes(-1), None);

        Assert.Equal(1, await Store.EndAllAsync(alice.Id, here.Id, Now, None));

        Assert.Equal(Now, (await Store.FindAsync(there.Id, None))!.Session.EndedAt);
        Assert.Equal(Now.AddMinutes(-1), (await Store.FindAsync(gone.Id, None))!.Session.EndedAt);
        foreach (var session in new[] { here, bobs }) Assert.Null((await Store.FindAsync(session.Id, None))!.Session.EndedAt);
        foreach (var grant in kept) Assert.False(await IsRevokedAsync(grant));
        Assert.True(await IsRevokedAsync(fallen));

        Assert.Equal(1, await Store.EndAllAsync(alice.Id, null, Now, None));
        Assert.NotNull((await Store.FindAsync(here.Id, None))!.Session.EndedAt);
    }

    [Fact]
    public async Task The_list_shows_living_sessions_last_seen_first()
    {
        var user = await Database.AddUserAsync();
        var (first, second, ended, expired) = (await Database.AddSessionAsync(user), await Database.AddSessionAsync(user), await Database.AddSessionAsync(user), await Database.AddSessionAsync(user, TimeSpan.FromMinutes(1)));
        await Database.AddSessionAsync(await Database.AddUserAsync());
        await Store.TryEndAsync(ended.Id, Now, None);
        await Store.TouchAsync(second.Id, Now.AddSeconds(1), None);
        Assert.Equal(3, (await Store.ListAsync(user.Id, Now, None)).Count);

        var list = await Store.ListAsync(user.Id, expired.ExpiresAt, None);

        Assert.Equal([second.Id, first.Id], list.Select(s => s.Id));
    }
}
