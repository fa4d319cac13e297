using AuthServer.Engine.Interaction;
using AuthServer.Engine.Tokens;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>A device's request is decided once and redeemed once, whoever else tries.</summary>
public abstract class DeviceCodeConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : DeviceCodeConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : DeviceCodeConformance(TestStorage.PostgreSql);

    private IDeviceCodeStore Store => Database.Get<IDeviceCodeStore>();

    private async Task<DeviceAuthorization> AddAsync()
    {
        var asked = new DeviceAuthorization
        {
            Hash = TestDatabase.Hash(), UserCodeHash = TestDatabase.Hash(), ClientId = "tv", Parameters = new Dictionary<string, string> { ["scope"] = "openid", ["nonce"] = "n" }, Resources = ["https://api.test/"],
            Interval = 5, CreatedAt = Now, ExpiresAt = Now.AddMinutes(10), Address = "198.51.100.1", UserAgent = "tv/1",
        };
        Assert.True(await Store.TryAddAsync(asked, None));
        return asked;
    }

    [Fact]
    public async Task It_is_found_by_either_code_while_it_waits_and_a_user_code_is_given_once()
    {
        var asked = await AddAsync();

        Assert.Equivalent(asked, await Store.FindWaitingAsync(asked.Hash, Now, None), strict: true);
        Assert.Equivalent(asked, await Store.FindWaitingByUserCodeAsync(asked.UserCodeHash, Now, None), strict: true);
        Assert.Null(await Store.FindWaitingAsync(asked.Hash, asked.ExpiresAt, None));
        Assert.False(await Store.TryAddAsync(asked with { Hash = TestDatabase.Hash() }, None));
        Assert.True(await Store.TryDenyAsync(asked.Hash, Now, None));
        Assert.Null(await Store.FindWaitingByUserCodeAsync(asked.UserCodeHash, Now, None));
    }

    [Fact, Spec("RFC 8628 §3.4")]
    public async Task Only_what_was_allowed_is_redeemed_and_only_once()
    {
        var (asked, user) = (await AddAsync(), await Database.AddUserAsync());
        Assert.False(await Store.TryRedeemAsync(asked.Hash, Now, None));
        Assert.True(await Store.TryApproveAsync(asked.Hash, Database.NewGrant(user), Now, None));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Store.TryRedeemAsync(asked.Hash, Now, None))));

        Assert.Single(answers, true);
        Assert.Equal(Now, (await Store.PollAsync(asked.Hash, "tv", Now, None))!.RedeemedAt);
    }

    [Fact]
    public async Task A_decision_that_came_too_late_leaves_no_grant_behind()
    {
        var (asked, user) = (await AddAsync(), await Database.AddUserAsync());
        var (first, second) = (Database.NewGrant(user), Database.NewGrant(user));

        Assert.True(await Store.TryApproveAsync(asked.Hash, first, Now, None));
        Assert.False(await Store.TryApproveAsync(asked.Hash, second, Now, None));
        Assert.False(await Store.TryDenyAsync(asked.Hash, Now, None));

        Assert.Equal(first.Id, (await Store.PollAsync(asked.Hash, "tv", Now, None))!.GrantId);
        Assert.NotNull(await Database.Get<ITokenStore>().FindGrantAsync(first.Id, "", None));
        Assert.Null(await Database.Get<ITokenStore>().FindGrantAsync(second.Id, "", None));
        Assert.Null(await Store.PollAsync(asked.Hash, "other", Now, None));
    }
}
