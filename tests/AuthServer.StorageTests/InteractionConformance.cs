using AuthServer.Engine.Interaction;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Requests that wait for a person, pushed requests and remembered consent.</summary>
public abstract class InteractionConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : InteractionConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : InteractionConformance(TestStorage.PostgreSql);

    private IPendingAuthorizationStore Store => Database.Get<IPendingAuthorizationStore>();

    private IConsentStore Consents => Database.Get<IConsentStore>();

    private async Task<PendingAuthorization> AddPendingAsync()
    {
        var pending = new PendingAuthorization
        {
            Hash = TestDatabase.Hash(), ClientId = "web", Parameters = new Dictionary<string, string> { ["state"] = "ä \"'\\ \n", ["\npushed"] = "x", ["scope"] = "openid" },
            Resources = ["https://api.test/1", "https://api.test/2"], CreatedAt = Now.AddSeconds(-1), ExpiresAt = Now.AddMinutes(30),
        };
        await Store.AddAsync(pending, None);
        return pending;
    }

    private async Task<PushedRequest> AddPushedAsync()
    {
        var pushed = new PushedRequest
        {
            Hash = TestDatabase.Hash(), ClientId = "web", Parameters = new Dictionary<string, string> { ["nonce"] = "ä" }, Resources = ["https://api.test/1"], ExpiresAt = Now.AddMinutes(1),
        };
        await Store.AddPushedAsync(pushed, None);
        return pushed;
    }

    [Fact]
    public async Task A_waiting_request_comes_back_as_it_was_stored()
    {
        var pending = await AddPendingAsync();

        Assert.Equivalent(pending, await Store.FindAsync(pending.Hash, None), strict: true);
        Assert.Null(await Store.FindAsync(TestDatabase.Hash(), None));
    }

    [Fact]
    public async Task What_a_person_has_done_is_kept()
    {
        var (pending, other) = (await AddPendingAsync(), await AddPendingAsync());
        var proofs = new PendingProofs { SessionId = "session", ConsentedScopes = "openid", Denied = true, AccountSelected = true };

        await Store.SaveProofsAsync(pending.Hash, proofs, None);

        Assert.Equal(proofs, (await Store.FindAsync(pending.Hash, None))!.Proofs);
        Assert.Equal(new PendingProofs(), (await Store.FindAsync(other.Hash, None))!.Proofs);
    }

    [Fact]
    public async Task An_expired_request_is_null_even_before_it_is_pruned()
    {
        var (pending, pushed) = (await AddPendingAsync(), await AddPushedAsync());

        Database.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await Store.FindPushedAsync(pushed.Hash, None));
        Assert.NotNull(await Store.FindAsync(pending.Hash, None));

        Database.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Null(await Store.FindAsync(pending.Hash, None));
    }

    [Fact]
    public async Task A_finished_request_is_gone()
    {
        var pending = await AddPendingAsync();

        Assert.True(await Store.TryFinishAsync(pending.Hash, None));
        Assert.False(await Store.TryFinishAsync(pending.Hash, None));

        Assert.Null(await Store.FindAsync(pending.Hash, None));
        await Store.SaveProofsAsync(pending.Hash, new PendingProofs(), None);
        Assert.Null(await Store.FindAsync(pending.Hash, None));
    }

    [Fact]
    public async Task Of_two_hundred_who_finish_a_request_at_once_one_does()
    {
        var pending = await AddPendingAsync();

        Assert.Equal(1, await Database.RaceAsync<IPendingAuthorizationStore>(store => store.TryFinishAsync(pending.Hash, None)));
    }

    [Fact]
    [Spec("RFC 9126 §4")]
    public async Task A_pushed_request_may_be_looked_at_often_and_used_once()
    {
        var pushed = await AddPushedAsync();
        for (var i = 0; i < 2; i++) Assert.Equivalent(pushed, await Store.FindPushedAsync(pushed.Hash, None), strict: true);
        Assert.Null(await Store.FindPushedAsync(TestDatabase.Hash(), None));

        Assert.True(await Store.TryFinishPushedAsync(pushed.Hash, None));
        Assert.False(await Store.TryFinishPushedAsync(pushed.Hash, None));

        Assert.Null(await Store.FindPushedAsync(pushed.Hash, None));
    }

    [Fact]
    [Spec("RFC 9126 §4")]
    public async Task Of_two_hundred_who_use_a_pushed_request_at_once_one_does()
    {
        var pushed = await AddPushedAsync();

        Assert.Equal(1, await Database.RaceAsync<IPendingAuthorizationStore>(store => store.TryFinishPushedAsync(pushed.Hash, None)));
    }

    [Fact]
    public async Task Consent_grows_and_remembers_when_it_began()
    {
        var (user, began) = (await Database.AddUserAsync(), Now);
        Assert.Null(await Consents.FindAsync(user.Id, "web", None));
        await Consents.SaveAsync(user.Id, "web", ScopeSet.Parse("openid email"), began, None);
        Database.Clock.Advance(TimeSpan.FromDays(1));

        await Consents.SaveAsync(user.Id, "web", ScopeSet.Parse("openid phone"), Now, None);

        Assert.Equal(new Consent(user.Id, "web", ScopeSet.Parse("openid email phone"), began, Now), await Consents.FindAsync(user.Id, "web", None));
    }

    [Fact]
    public async Task The_list_shows_what_one_user_consented_to()
    {
        var (user, other) = (await Database.AddUserAsync(), await Database.AddUserAsync());
        foreach (var client in new[] { "b", "a", "B" }) await Consents.SaveAsync(user.Id, client, ScopeSet.Parse("openid"), Now, None);
        await Consents.SaveAsync(other.Id, "c", ScopeSet.Parse("openid"), Now, None);

        // By bytes, on every database: upper case first.
        Assert.Equal(["B", "a", "b"], (await Consents.ListAsync(user.Id, None)).Select(c => c.ClientId));
    }

    [Fact]
    public async Task Consent_taken_back_takes_the_clients_grants_with_it()
    {
        var (user, other) = (await Database.AddUserAsync(), await Database.AddUserAsync());
        foreach (var someone in new[] { user, other }) await Consents.SaveAsync(someone.Id, "web", ScopeSet.Parse("openid"), Now, None);
        var (fallen, others, app) = (await Database.AddGrantAsync(user), await Database.AddGrantAsync(other), Database.NewGrant(user) with { ClientId = "app" });
        var tokens = Database.Get<ITokenStore>();
        await tokens.AddGrantAsync(app, null, None);

        Assert.True(await Consents.TryRevokeAsync(user.Id, "web", Now, None));
        Assert.False(await Consents.TryRevokeAsync(user.Id, "web", Now, None));

        Assert.Null(await Consents.FindAsync(user.Id, "web", None));
        Assert.NotNull(await Consents.FindAsync(other.Id, "web", None));
        Assert.NotNull((await tokens.FindGrantAsync(fallen.Id, "token", None))!.Grant.RevokedAt);
        foreach (var grant in new[] { others, app }) Assert.Null((await tokens.FindGrantAsync(grant.Id, "token", None))!.Grant.RevokedAt);
    }
}
