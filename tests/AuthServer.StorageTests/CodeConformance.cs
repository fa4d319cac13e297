using AuthServer.Engine.Tokens;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Authorization codes, reference tokens and everything else that may be used once.</summary>
public abstract class CodeConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : CodeConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : CodeConformance(TestStorage.PostgreSql);

    private ITokenStore Store => Database.Get<ITokenStore>();

    private async Task<AuthorizationCode> AddCodeAsync()
    {
        var grant = Database.NewGrant(await Database.AddUserAsync());
        var code = Database.NewCode(grant);
        await Store.AddGrantAsync(grant, code, None);
        return code;
    }

    [Fact]
    public async Task A_code_comes_back_with_the_grant_it_opens()
    {
        var user = await Database.AddUserAsync();
        var grant = Database.NewGrant(user, await Database.AddSessionAsync(user));
        var code = Database.NewCode(grant) with { CodeChallenge = "challenge", Nonce = "nonce" };
        await Store.AddGrantAsync(grant, code, None);

        var found = await Store.FindCodeAsync(code.Hash, None);

        Assert.NotNull(found);
        Assert.Equivalent(code, found.Code, strict: true);
        Assert.Equivalent(grant, found.Grant.Grant, strict: true);
        Assert.Equal(user.Id, found.Grant.User!.Id);
        Assert.Null(found.Grant.Fault(Now));
        Assert.Null(await Store.FindCodeAsync(TestDatabase.Hash(), None));
    }

    [Fact]
    public async Task A_code_may_lack_a_redirect_uri_a_challenge_and_a_nonce()
    {
        var grant = Database.NewGrant();
        var code = Database.NewCode(grant) with { RedirectUri = null };
        await Store.AddGrantAsync(grant, code, None);

        Assert.Equivalent(code, (await Store.FindCodeAsync(code.Hash, None))!.Code, strict: true);
    }

    [Fact]
    public async Task A_grant_whose_code_cannot_be_stored_is_not_stored()
    {
        var taken = await AddCodeAsync();
        var grant = Database.NewGrant();

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Store.AddGrantAsync(grant, Database.NewCode(grant) with { Hash = taken.Hash }, None));

        Assert.Null(await Store.FindGrantAsync(grant.Id, "token", None));
        // And the store is as good as before.
        await Store.AddGrantAsync(grant, Database.NewCode(grant), None);
    }

    [Fact]
    [Spec("RFC 6749 §4.1.2")]
    public async Task A_code_is_redeemed_once_and_says_when()
    {
        var code = await AddCodeAsync();
        var first = Now;

        Assert.True(await Store.TryRedeemCodeAsync(code.Hash, first, None));
        Assert.False(await Store.TryRedeemCodeAsync(code.Hash, first.AddSeconds(1), None));
        Assert.False(await Store.TryRedeemCodeAsync(TestDatabase.Hash(), first, None));

        Assert.Equal(first, (await Store.FindCodeAsync(code.Hash, None))!.Code.RedeemedAt);
    }

    [Fact]
    [Spec("RFC 6749 §4.1.2")]
    public async Task Of_two_hundred_redemptions_at_once_one_wins()
    {
        var code = await AddCodeAsync();

        Assert.Equal(1, await Database.RaceAsync<ITokenStore>(store => store.TryRedeemCodeAsync(code.Hash, Now, None)));
    }

    [Fact]
    public async Task Something_is_used_once_per_purpose()
    {
        var (store, hash) = (Database.Get<IReplayStore>(), TestDatabase.Hash());

        Assert.True(await store.TryUseAsync("assertion", hash, Now.AddMinutes(1), None));
        Assert.False(await store.TryUseAsync("assertion", hash, Now.AddMinutes(1), None));
        Assert.True(await store.TryUseAsync("proof", hash, Now.AddMinutes(1), None));
        Assert.True(await store.TryUseAsync("assertion", TestDatabase.Hash(), Now.AddMinutes(1), None));
    }

    [Fact]
    [Spec("RFC 7523 §3")]
    public async Task Of_two_hundred_replays_at_once_one_is_the_first_use()
    {
        var hash = TestDatabase.Hash();

        Assert.Equal(1, await Database.RaceAsync<IReplayStore>(store => store.TryUseAsync("assertion", hash, Now.AddMinutes(1), None)));
    }

    [Fact]
    public async Task A_reference_token_comes_back_with_its_grant()
    {
        var grant = await Database.AddGrantAsync(await Database.AddUserAsync());
        var token = new ReferenceToken { Hash = TestDatabase.Hash(), ClientId = "web", GrantId = grant.Id, Claims = """{"sub":"ä"}""", ExpiresAt = Now.AddHours(1) };
        await Store.AddReferenceTokenAsync(token, None);

        var found = await Store.FindReferenceTokenAsync(token.Hash, None);

        Assert.NotNull(found);
        Assert.Equivalent(token, found.Token, strict: true);
        Assert.Equivalent(grant, found.Grant!.Grant, strict: true);
        Assert.Null(await Store.FindReferenceTokenAsync(TestDatabase.Hash(), None));
    }

    [Fact]
    [Spec("RFC 7009 §2.1")]
    public async Task A_reference_token_of_a_client_has_no_grant_and_is_revoked_alone()
    {
        ReferenceToken[] tokens = [.. Enumerable.Range(0, 2).Select(_ => new ReferenceToken { Hash = TestDatabase.Hash(), ClientId = "worker", Claims = "{}", ExpiresAt = Now.AddHours(1) })];
        foreach (var token in tokens) await Store.AddReferenceTokenAsync(token, None);
        var first = Now;

        await Store.RevokeReferenceTokenAsync(tokens[0].Hash, first, None);
        await Store.RevokeReferenceTokenAsync(tokens[0].Hash, first.AddMinutes(1), None);

        var revoked = await Store.FindReferenceTokenAsync(tokens[0].Hash, None);
        Assert.Equal(first, revoked!.Token.RevokedAt);
        Assert.Null(revoked.Grant);
        Assert.Null((await Store.FindReferenceTokenAsync(tokens[1].Hash, None))!.Token.RevokedAt);
    }
}
