using AuthServer.Engine.Protocol;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Grants as they stand: what one read tells about the grant, its user and its session.</summary>
public abstract class GrantConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : GrantConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : GrantConformance(TestStorage.PostgreSql);

    private ITokenStore Store => Database.Get<ITokenStore>();

    private async Task<StandingGrant> StandingAsync(Grant grant, string tokenId = "token")
    {
        var standing = await Store.FindGrantAsync(grant.Id, tokenId, None);
        Assert.NotNull(standing);
        return standing;
    }

    [Fact]
    public async Task A_grant_comes_back_as_it_was_stored()
    {
        var user = await Database.AddUserAsync();
        var session = await Database.AddSessionAsync(user);
        var grant = Database.NewGrant(user, session) with
        {
            Scopes = ScopeSet.Parse("openid email api:read"),
            Details = new GrantDetails
            {
                Resources = ["https://api.test/ä"], AuthTime = 1_780_000_000, Acr = "2", Amr = ["pwd", "otp"], AuthTimeRequested = true, IdTokenClaims = ["name"], UserInfoClaims = ["email", "zoneinfo"],
            },
            Refresh = Database.NewRefresh(),
        };

        await Store.AddGrantAsync(grant, null, None);

        Assert.Equivalent(grant, (await StandingAsync(grant)).Grant, strict: true);
    }

    [Fact]
    public async Task A_grant_without_user_session_and_refresh_token_comes_back_without_them()
    {
        var grant = await Database.AddGrantAsync();

        var standing = await StandingAsync(grant);

        Assert.Equivalent(grant, standing.Grant, strict: true);
        Assert.Null(standing.User);
        Assert.Null(standing.Fault(Now));
    }

    [Fact]
    public async Task The_user_comes_with_everything_claims_are_made_of()
    {
        var user = await Database.AddUserAsync(u => (u.Email, u.EmailConfirmed, u.PhoneNumber, u.PhoneNumberConfirmed, u.Profile, u.UpdatedAt) =
            ("alice@mail.test", true, "+49 30 1", true, """{"name":"Alice Ä"}""", new DateTimeOffset(2026, 5, 1, 0, 0, 0, 500, TimeSpan.Zero)));
        var grant = await Database.AddGrantAsync(user);

        var found = (await StandingAsync(grant)).User!;

        Assert.True(found.Number > 0);
        Assert.Equal(new GrantUser
        {
            Id = user.Id, Number = found.Number, UserName = user.UserName!, Email = "alice@mail.test", EmailVerified = true, PhoneNumber = "+49 30 1", PhoneNumberVerified = true, Profile = """{"name":"Alice Ä"}""",
            UpdatedAt = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), MaySignIn = true,
        }, found);
    }

    [Fact]
    public async Task An_unknown_grant_is_null()
    {
        Assert.Null(await Store.FindGrantAsync("nobody", "token", None));
        Assert.Null(await Store.FindGrantByRefreshFamilyAsync(TestDatabase.Hash(), None));
    }

    [Theory]
    [InlineData("disabled = TRUE", false)]
    [InlineData("lockout_end = 253402300799999", false)]
    [InlineData("lockout_end = 1780000000000", true)]
    public async Task A_disabled_or_locked_user_may_not_sign_in_until_the_lock_is_over(string change, bool maySignIn)
    {
        var user = await Database.AddUserAsync();
        var grant = await Database.AddGrantAsync(user);
        await Database.ChangeUserAsync(user, change);

        var standing = await StandingAsync(grant);

        Assert.Equal(maySignIn, standing.User!.MaySignIn);
        Assert.Equal(maySignIn ? null : "user disabled or locked", standing.Fault(Now));
    }

    [Fact]
    public async Task A_lock_ends_by_the_stores_clock()
    {
        var user = await Database.AddUserAsync(u => u.LockoutEnd = Now.AddMinutes(5));
        var grant = await Database.AddGrantAsync(user);
        Assert.False((await StandingAsync(grant)).User!.MaySignIn);

        Database.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.True((await StandingAsync(grant)).User!.MaySignIn);
    }

    [Fact]
    public async Task Who_deletes_a_user_deletes_all_that_was_granted_to_and_known_of_them()
    {
        var user = await Database.AddUserAsync();
        var session = await Database.AddSessionAsync(user);
        var grant = Database.NewGrant(user, session);
        await Store.AddGrantAsync(grant, Database.NewCode(grant), None);
        await Store.AddReferenceTokenAsync(new ReferenceToken { Hash = TestDatabase.Hash(), ClientId = "web", GrantId = grant.Id, Claims = "{}", ExpiresAt = Now.AddHours(1) }, None);
        await Database.Get<Engine.Interaction.IConsentStore>().SaveAsync(user.Id, "web", grant.Scopes, Now, None);
        var others = await Database.AddGrantAsync(await Database.AddUserAsync());

        await Database.DeleteUserAsync(user);

        Assert.Null(await Store.FindGrantAsync(grant.Id, "token", None));
        Assert.NotNull(await Store.FindGrantAsync(others.Id, "token", None));
        foreach (var table in new[] { "authorization_codes", "reference_tokens", "sessions", "consents" }) Assert.Equal(0, await Database.CountAsync(table));
    }

    [Fact]
    public async Task A_session_that_ended_expired_or_was_pruned_has_ended()
    {
        var user = await Database.AddUserAsync();
        var (ended, expired, pruned, alive) = (await Database.AddSessionAsync(user), await Database.AddSessionAsync(user, TimeSpan.FromMinutes(1)), await Database.AddSessionAsync(user), await Database.AddSessionAsync(user));
        Grant[] fallen = [await Database.AddGrantAsync(user, ended), await Database.AddGrantAsync(user, expired), await Database.AddGrantAsync(user, pruned)];
        var standing = await Database.AddGrantAsync(user, alive);

        // Not by the store's own verb: that one also revokes the grants.
        await Database.ExecuteAsync($"UPDATE sessions SET ended_at = {Now.ToUnixTimeMilliseconds()} WHERE id = '{ended.Id}'");
        await Database.ExecuteAsync($"DELETE FROM sessions WHERE id = '{pruned.Id}'");
        Database.Clock.Advance(TimeSpan.FromMinutes(1));

        foreach (var grant in fallen) Assert.Equal("session ended", (await StandingAsync(grant)).Fault(Now));
        Assert.Null((await StandingAsync(standing)).Fault(Now));
    }

    [Fact]
    [Spec("OpenID Connect Core §11")]
    public async Task A_grant_for_offline_access_outlives_its_session()
    {
        var user = await Database.AddUserAsync();
        var session = await Database.AddSessionAsync(user);
        var (bound, offline) = (await Database.AddGrantAsync(user, session), await Database.AddGrantAsync(user, session, bound: false));

        Assert.True(await Database.Get<ISessionStore>().TryEndAsync(session.Id, Now, None));

        Assert.Equal("grant revoked", (await StandingAsync(bound)).Fault(Now));
        Assert.Null((await StandingAsync(offline)).Fault(Now));
    }

    [Fact]
    [Spec("RFC 7009 §2.1")]
    public async Task Revoking_a_grant_twice_keeps_the_first_time()
    {
        var grant = await Database.AddGrantAsync();
        var first = Now;
        await Store.RevokeGrantAsync(grant.Id, first, None);
        Database.Clock.Advance(TimeSpan.FromMinutes(1));

        await Store.RevokeGrantAsync(grant.Id, Now, None);
        await Store.RevokeGrantAsync("nobody", Now, None);

        Assert.Equal(first, (await StandingAsync(grant)).Grant.RevokedAt);
    }

    [Fact]
    [Spec("RFC 7009 §2.1")]
    public async Task One_access_token_falls_alone_and_may_be_revoked_again()
    {
        var grant = await Database.AddGrantAsync();
        await Store.RevokeAccessTokenAsync("one", Now.AddHours(1), None);
        await Store.RevokeAccessTokenAsync("one", Now.AddHours(1), None);

        Assert.True((await StandingAsync(grant, "one")).AccessTokenRevoked);
        Assert.False((await StandingAsync(grant, "two")).AccessTokenRevoked);
        Assert.True(await Store.IsAccessTokenRevokedAsync("one", None));
        Assert.False(await Store.IsAccessTokenRevokedAsync("two", None));
    }

    [Fact]
    public async Task All_grants_of_a_user_fall_or_those_to_one_client()
    {
        var (alice, bob) = (await Database.AddUserAsync(), await Database.AddUserAsync());
        var (web, app, bobs) = (await Database.AddGrantAsync(alice), Database.NewGrant(alice) with { ClientId = "app" }, await Database.AddGrantAsync(bob));
        await Store.AddGrantAsync(app, null, None);

        Assert.Equal(1, await Store.RevokeGrantsOfUserAsync(alice.Id, "web", Now, None));
        Assert.NotNull((await StandingAsync(web)).Grant.RevokedAt);
        Assert.Null((await StandingAsync(app)).Grant.RevokedAt);

        Assert.Equal(1, await Store.RevokeGrantsOfUserAsync(alice.Id, Now, None));
        Assert.NotNull((await StandingAsync(app)).Grant.RevokedAt);
        Assert.Null((await StandingAsync(bobs)).Grant.RevokedAt);
    }

    [Fact]
    public async Task Judging_a_grant_costs_one_command()
    {
        var grant = await Database.AddGrantAsync(await Database.AddUserAsync());
        var before = Database.Get<AuthServer.Storage.CommandCounter>().Total;

        await StandingAsync(grant);

        Assert.Equal(1, Database.Get<AuthServer.Storage.CommandCounter>().Total - before);
    }
}
