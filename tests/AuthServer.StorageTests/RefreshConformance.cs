using AuthServer.Engine.Tokens;
using AuthServer.Storage;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Refresh-token families: one row per grant through all generations.</summary>
public abstract class RefreshConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : RefreshConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : RefreshConformance(TestStorage.PostgreSql);

    private ITokenStore Store => Database.Get<ITokenStore>();

    private RefreshState Next(RefreshState state) => state with
    {
        SecretHash = TestDatabase.Hash(), PreviousHash = state.SecretHash, RotatedAt = Now, SealedSuccessor = TestDatabase.Hash(), ExpiresAt = Now.AddDays(30),
    };

    [Fact]
    public async Task Opening_a_grant_gives_it_its_end_and_its_first_refresh_token()
    {
        var (grant, refresh) = (await Database.AddGrantAsync(), Database.NewRefresh());

        Assert.True(await Store.TryOpenGrantAsync(grant.Id, Now.AddDays(90), refresh, None));

        var found = await Store.FindGrantByRefreshFamilyAsync(refresh.FamilyHash, None);
        Assert.Equivalent(grant with { ExpiresAt = Now.AddDays(90), Refresh = refresh }, found!.Grant, strict: true);
    }

    [Fact]
    public async Task Opening_a_grant_without_refresh_token_gives_it_its_end_only()
    {
        var grant = await Database.AddGrantAsync();

        Assert.True(await Store.TryOpenGrantAsync(grant.Id, Now.AddHours(1), null, None));

        Assert.Equivalent(grant with { ExpiresAt = Now.AddHours(1) }, (await Store.FindGrantAsync(grant.Id, "token", None))!.Grant, strict: true);
    }

    [Fact]
    public async Task A_grant_that_was_revoked_in_between_does_not_open()
    {
        var grant = await Database.AddGrantAsync();
        await Store.RevokeGrantAsync(grant.Id, Now, None);

        Assert.False(await Store.TryOpenGrantAsync(grant.Id, Now.AddDays(90), Database.NewRefresh(), None));
        Assert.False(await Store.TryOpenGrantAsync("nobody", Now.AddDays(90), Database.NewRefresh(), None));
    }

    [Fact]
    [Spec("RFC 9700 §4.14.2")]
    public async Task A_rotation_replaces_the_secret_and_keeps_the_family()
    {
        var first = Database.NewRefresh();
        var grant = await Database.AddGrantAsync(refresh: first);
        Database.Clock.Advance(TimeSpan.FromMinutes(5));
        var second = Next(first);

        Assert.True(await Store.TryRotateAsync(grant.Id, first.SecretHash, second, None));

        Assert.Equivalent(second, (await Store.FindGrantByRefreshFamilyAsync(first.FamilyHash, None))!.Grant.Refresh, strict: true);
    }

    [Fact]
    [Spec("RFC 9700 §4.14.2")]
    public async Task A_secret_of_an_earlier_generation_does_not_rotate()
    {
        var first = Database.NewRefresh();
        var grant = await Database.AddGrantAsync(refresh: first);
        var second = Next(first);
        Assert.True(await Store.TryRotateAsync(grant.Id, first.SecretHash, second, None));

        Assert.False(await Store.TryRotateAsync(grant.Id, first.SecretHash, Next(first), None));
        Assert.False(await Store.TryRotateAsync(grant.Id, TestDatabase.Hash(), Next(second), None));

        Assert.Equivalent(second, (await Store.FindGrantAsync(grant.Id, "token", None))!.Grant.Refresh, strict: true);
    }

    [Fact]
    public async Task A_revoked_grant_does_not_rotate()
    {
        var first = Database.NewRefresh();
        var grant = await Database.AddGrantAsync(refresh: first);
        await Store.RevokeGrantAsync(grant.Id, Now, None);

        Assert.False(await Store.TryRotateAsync(grant.Id, first.SecretHash, Next(first), None));
    }

    [Fact]
    [Spec("RFC 9700 §4.14.2")]
    public async Task Of_two_hundred_rotations_at_once_one_wins()
    {
        var first = Database.NewRefresh();
        var grant = await Database.AddGrantAsync(refresh: first);

        Assert.Equal(1, await Database.RaceAsync<ITokenStore>(store => store.TryRotateAsync(grant.Id, first.SecretHash, Next(first), None)));
    }

    [Fact]
    public async Task Two_thousand_rotations_of_two_hundred_grants_leave_two_hundred_rows()
    {
        var families = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            var refresh = Database.NewRefresh();
            return (Grant: await Database.AddGrantAsync(refresh: refresh), Refresh: refresh);
        }));

        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(families.Select(async (family, i) =>
            {
                var next = Next(family.Refresh);
                Assert.True(await Store.TryRotateAsync(family.Grant.Id, family.Refresh.SecretHash, next, None));
                families[i].Refresh = next;
            }));
        }

        await Database.Get<ExpiredRows>().PruneAsync(1_000, Now, None);
        Assert.Equal(200, await Database.CountAsync("grants"));
        foreach (var table in new[] { "authorization_codes", "reference_tokens", "revoked_access_tokens", "replayed" }) Assert.Equal(0, await Database.CountAsync(table));
    }
}
