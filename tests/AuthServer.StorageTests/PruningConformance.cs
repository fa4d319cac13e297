using AuthServer.Engine.Accounts;
using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Interaction;
using AuthServer.Engine.RateLimits;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;
using AuthServer.Storage;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>What is over goes, when its grace is over too; what lives stays.</summary>
public abstract class PruningConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : PruningConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : PruningConformance(TestStorage.PostgreSql);

    private ITokenStore Tokens => Database.Get<ITokenStore>();

    private Task<int> PruneAsync(TimeSpan after, int batch = 1_000) => Database.Get<ExpiredRows>().PruneAsync(batch, Now + after, None);

    /// <summary>At the last millisecond of its life and grace a row is there, with the next it goes.</summary>
    private async Task AssertGoesAfterAsync(string table, TimeSpan time)
    {
        Assert.Equal(1, await Database.CountAsync(table));
        await PruneAsync(time);
        Assert.Equal(1, await Database.CountAsync(table));
        await PruneAsync(time + TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await Database.CountAsync(table));
    }

    [Fact]
    public async Task A_reference_token_goes_when_it_expires()
    {
        await Tokens.AddReferenceTokenAsync(new ReferenceToken { Hash = TestDatabase.Hash(), ClientId = "web", Claims = "{}", ExpiresAt = Now.AddHours(1) }, None);
        await AssertGoesAfterAsync("reference_tokens", TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task An_API_key_goes_thirty_days_after_its_end_or_its_revocation_and_a_counter_a_minute_after_its_window()
    {
        var (store, scopes) = (Database.Get<IApiKeyStore>(), Engine.Protocol.ScopeSet.Parse("openid"));
        async Task AddAsync(string id)
        {
            var grant = new Grant { Id = "g" + id, ClientId = "web", Scopes = scopes, CreatedAt = Now, ExpiresAt = Now.AddDays(90), Details = new GrantDetails() };
            var key = new ApiKey { Id = id, Kind = ApiKeyKind.Machine, Owner = new ApiKeyOwner(ApiKeyOwnerKind.Client, "web"), GrantId = grant.Id, Name = id, Start = "ask_01234567", Scopes = scopes, CreatedAt = Now, ExpiresAt = Now.AddDays(90) };
            await store.AddAsync(key, TestDatabase.Hash(), grant, None);
        }

        await Database.Get<IRateStore>().AddAsync(Now, Now.AddHours(1), new Dictionary<string, long> { ["key:a"] = 3 }, None);
        await AssertGoesAfterAsync("rate_counters", TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1));
        await AddAsync("revoked");
        Assert.True(await store.TryRevokeAsync("revoked", Now, None));
        Assert.False(await store.TryRevokeAsync("revoked", Now, None));
        await AssertGoesAfterAsync("api_keys", TimeSpan.FromDays(30));
        await AddAsync("expired");
        await AssertGoesAfterAsync("api_keys", TimeSpan.FromDays(120));
    }

    [Fact]
    public async Task A_waiting_and_a_pushed_request_go_when_they_expire()
    {
        var (store, none) = (Database.Get<IPendingAuthorizationStore>(), new Dictionary<string, string>());
        await store.AddAsync(new PendingAuthorization { Hash = TestDatabase.Hash(), ClientId = "web", Parameters = none, Resources = [], CreatedAt = Now, ExpiresAt = Now.AddMinutes(2) }, None);
        await store.AddPushedAsync(new PushedRequest { Hash = TestDatabase.Hash(), ClientId = "web", Parameters = none, Resources = [], ExpiresAt = Now.AddMinutes(1) }, None);
        await AssertGoesAfterAsync("pushed_requests", TimeSpan.FromMinutes(1));
        await AssertGoesAfterAsync("pending_authorizations", TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task What_must_not_come_back_is_remembered_a_minute_longer_than_it_lives()
    {
        await Database.Get<IReplayStore>().TryUseAsync("assertion", TestDatabase.Hash(), Now.AddMinutes(1), None);
        await Tokens.RevokeAccessTokenAsync("one", Now.AddMinutes(2), None);
        await AssertGoesAfterAsync("replayed", TimeSpan.FromMinutes(2));
        await AssertGoesAfterAsync("revoked_access_tokens", TimeSpan.FromMinutes(3));
    }

    [Fact]
    [Spec("RFC 6749 §4.1.2")]
    public async Task A_used_code_is_recognised_for_ten_minutes_after_its_end()
    {
        var grant = Database.NewGrant();
        var code = Database.NewCode(grant);
        await Tokens.AddGrantAsync(grant, code, None);
        await Tokens.TryRedeemCodeAsync(code.Hash, Now, None);
        await Tokens.TryOpenGrantAsync(grant.Id, Now.AddDays(90), Database.NewRefresh(), None);

        await AssertGoesAfterAsync("authorization_codes", TimeSpan.FromMinutes(11));
        Assert.Equal(1, await Database.CountAsync("grants"));
    }

    [Fact]
    public async Task A_grant_goes_a_day_after_its_end()
    {
        await Database.AddGrantAsync();
        await AssertGoesAfterAsync("grants", TimeSpan.FromMinutes(10) + TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task A_revoked_grant_goes_a_day_after_its_revocation_however_long_it_would_have_lived()
    {
        var grant = await Database.AddGrantAsync();
        await Tokens.TryOpenGrantAsync(grant.Id, Now.AddDays(90), Database.NewRefresh(), None);
        await Tokens.RevokeGrantAsync(grant.Id, Now, None);
        await AssertGoesAfterAsync("grants", TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task A_session_goes_thirty_days_after_it_expired()
    {
        await Database.AddSessionAsync(await Database.AddUserAsync(), TimeSpan.FromDays(1));
        await AssertGoesAfterAsync("sessions", TimeSpan.FromDays(31));
    }

    [Fact]
    public async Task A_session_goes_thirty_days_after_it_ended()
    {
        var session = await Database.AddSessionAsync(await Database.AddUserAsync(), TimeSpan.FromDays(14));
        await Database.Get<ISessionStore>().TryEndAsync(session.Id, Now, None);
        await AssertGoesAfterAsync("sessions", TimeSpan.FromDays(30));
    }

    [Fact]
    public async Task Failures_and_setup_codes_go_after_a_day()
    {
        await Database.Get<ISignInFailureStore>().AddAsync("alice", "10.0.0.1", Now, Now.AddDays(-1), None);
        await AssertGoesAfterAsync("sign_in_failures", TimeSpan.FromDays(1));
        await Database.Get<ISetupCodeStore>().AddAsync(TestDatabase.Hash(), Now.AddHours(1), None);
        await AssertGoesAfterAsync("setup_codes", TimeSpan.FromDays(1) + TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Small_batches_reach_the_end_and_leave_what_lives()
    {
        for (var i = 0; i < 25; i++) await Tokens.RevokeAccessTokenAsync($"dead{i}", Now.AddMinutes(-2), None);
        for (var i = 0; i < 5; i++) await Tokens.RevokeAccessTokenAsync($"alive{i}", Now.AddHours(1), None);

        Assert.Equal(25, await PruneAsync(TimeSpan.Zero, batch: 10));

        Assert.Equal(5, await Database.CountAsync("revoked_access_tokens"));
        Assert.Equal(0, await PruneAsync(TimeSpan.Zero, batch: 10));
    }

    [Fact]
    public async Task Live_rows_of_every_kind_stay()
    {
        var user = await Database.AddUserAsync();
        var session = await Database.AddSessionAsync(user);
        var grant = Database.NewGrant(user, session);
        await Tokens.AddGrantAsync(grant, Database.NewCode(grant), None);
        await Tokens.AddReferenceTokenAsync(new ReferenceToken { Hash = TestDatabase.Hash(), ClientId = "web", GrantId = grant.Id, Claims = "{}", ExpiresAt = Now.AddHours(1) }, None);
        await Database.Get<IConsentStore>().SaveAsync(user.Id, "web", grant.Scopes, Now, None);

        Assert.Equal(0, await PruneAsync(TimeSpan.Zero));

        foreach (var table in new[] { "users", "sessions", "grants", "authorization_codes", "reference_tokens", "consents" }) Assert.Equal(1, await Database.CountAsync(table));
    }
}
