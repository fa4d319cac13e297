using AuthServer.Engine.Accounts;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Deleting people, and never the last one who can administer the server.</summary>
public abstract class AccountDeletionConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : AccountDeletionConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : AccountDeletionConformance(TestStorage.PostgreSql);

    private IAccountDeletionStore Store => Database.Get<IAccountDeletionStore>();

    [Fact]
    public async Task A_person_goes_once_and_alone()
    {
        var (alice, bob) = (await Database.AddUserAsync(), await Database.AddUserAsync());

        Assert.True(await Store.TryDeleteAsync(alice.Id, None));
        Assert.False(await Store.TryDeleteAsync(alice.Id, None));
        Assert.Equal(1, await Database.NumberAsync($"SELECT COUNT(*) FROM users WHERE id = '{bob.Id}'"));
    }

    [Fact]
    public async Task The_last_administrator_who_can_sign_in_stays()
    {
        var last = await Database.AddUserAsync(u => u.IsAdministrator = true);
        await Database.AddUserAsync();
        await Database.AddUserAsync(u => (u.IsAdministrator, u.Disabled) = (true, true));
        await Database.AddUserAsync(u => (u.IsAdministrator, u.LockoutEnd) = (true, Now.AddDays(1)));

        Assert.False(await Store.HasOtherAdministratorAsync(last.Id, None));
        Assert.False(await Store.TryDeleteAsync(last.Id, None));

        await Database.AddUserAsync(u => u.IsAdministrator = true);
        Assert.True(await Store.HasOtherAdministratorAsync(last.Id, None));
        Assert.True(await Store.TryDeleteAsync(last.Id, None));
    }

    [Fact]
    public async Task Of_two_hundred_administrators_who_leave_at_once_one_stays()
    {
        var ids = new Queue<string>();
        for (var i = 0; i < TestDatabase.Crowd; i++) ids.Enqueue((await Database.AddUserAsync(u => u.IsAdministrator = true)).Id);

        var gone = await Database.RaceAsync<IAccountDeletionStore>(store =>
        {
            lock (ids) return store.TryDeleteAsync(ids.Dequeue(), None);
        });

        Assert.Equal(TestDatabase.Crowd - 1, gone);
        Assert.Equal(1, await Database.NumberAsync("SELECT COUNT(*) FROM users"));
    }
}
