using AuthServer.Engine.Factors;
using AuthServer.Engine.SignIn;
using AuthServer.Testing;
using Microsoft.AspNetCore.Identity;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Second factors: what works once works once, on both databases and on two nodes.</summary>
public abstract class FactorConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : FactorConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : FactorConformance(TestStorage.PostgreSql);

    private static readonly byte[] Salt = [1, 2, 3, 4];

    private IFactorStore Factors => Database.Get<IFactorStore>();

    private Task PutAppAsync(string userId, long step = 100) => Factors.PutAuthenticatorAsync(userId, [9, 9], step, Now, None);

    private async Task AddPasskeyAsync(string userId, byte[] id)
    {
        var users = Database.NewUserManager(out var scope);
        await using (scope)
        {
            var user = await users.FindByIdAsync(userId);
            Assert.True((await users.AddOrUpdatePasskeyAsync(user!, new UserPasskeyInfo(id, [1], Now, 0, [], true, false, false, [], []) { Name = "Key" })).Succeeded);
        }
    }

    private async Task RemovePasskeyAsync(string userId, byte[] id)
    {
        var users = Database.NewUserManager(out var scope);
        await using (scope) Assert.True((await users.RemovePasskeyAsync((await users.FindByIdAsync(userId))!, id)).Succeeded);
        await Factors.ForgetPasskeyAsync(userId, id, None);
    }

    [Fact, Spec("ASVS 6.5.1")]
    public async Task Of_two_hundred_who_use_one_timed_code_one_does()
    {
        var user = await Database.AddUserAsync();
        await PutAppAsync(user.Id);

        Assert.Equal(1, await Database.RaceAsync<IFactorStore>(store => store.TryUseStepAsync(user.Id, 101, Now, None)));
        Assert.False(await Factors.TryUseStepAsync(user.Id, 100, Now, None));
        Assert.True(await Factors.TryUseStepAsync(user.Id, 102, Now, None));
        Assert.Equal((102, Now), ((await Factors.FindAuthenticatorAsync(user.Id, None))!.LastStep, (await Factors.FindAuthenticatorAsync(user.Id, None))!.LastUsedAt));
    }

    [Fact, Spec("ASVS 6.5.1")]
    public async Task Of_two_hundred_who_use_one_recovery_code_one_does()
    {
        var (user, other) = (await Database.AddUserAsync(), await Database.AddUserAsync());
        var hash = TestDatabase.Hash();
        await Factors.ReplaceRecoveryCodesAsync(user.Id, Salt, [hash, TestDatabase.Hash()], Now, None);
        await Factors.ReplaceRecoveryCodesAsync(other.Id, Salt, [hash], Now, None);

        Assert.Equal(1, await Database.RaceAsync<IFactorStore>(store => store.TryUseRecoveryCodeAsync(user.Id, hash, Now, None)));
        Assert.Equal(1, (await Factors.ReadAsync(user.Id, None)).RecoveryCodesLeft);
        Assert.Equal(1, (await Factors.ReadAsync(other.Id, None)).RecoveryCodesLeft);
    }

    [Fact]
    public async Task New_recovery_codes_end_the_old_ones()
    {
        var user = await Database.AddUserAsync();
        var (old, fresh) = (TestDatabase.Hash(), TestDatabase.Hash());
        Assert.Null(await Factors.FindRecoverySaltAsync(user.Id, None));
        await Factors.ReplaceRecoveryCodesAsync(user.Id, Salt, [old], Now, None);
        await Factors.ReplaceRecoveryCodesAsync(user.Id, [7], [fresh], Now, None);

        Assert.Equal([7], await Factors.FindRecoverySaltAsync(user.Id, None));
        Assert.False(await Factors.TryUseRecoveryCodeAsync(user.Id, old, Now, None));
        Assert.True(await Factors.TryUseRecoveryCodeAsync(user.Id, fresh, Now, None));
        Assert.Equal(0, (await Factors.ReadAsync(user.Id, None)).RecoveryCodesLeft);
    }

    [Fact]
    public async Task A_new_app_takes_the_place_of_the_old_one()
    {
        var user = await Database.AddUserAsync();
        await PutAppAsync(user.Id, 500);
        await Factors.TryUseStepAsync(user.Id, 501, Now, None);
        await Factors.PutAuthenticatorAsync(user.Id, [5], 400, Now.AddMinutes(1), None);

        var app = await Factors.FindAuthenticatorAsync(user.Id, None);
        Assert.Equal([5], app!.Secret);
        Assert.Equal((400, Now.AddMinutes(1), null), (app.LastStep, app.CreatedAt, app.LastUsedAt));
    }

    [Fact]
    public async Task With_the_last_strong_factor_the_recovery_codes_and_the_trust_in_devices_go()
    {
        var (user, other) = (await Database.AddUserAsync(), await Database.AddUserAsync());
        var devices = Database.Get<IDeviceStore>();
        byte[] device = TestDatabase.Hash(), key = [1, 1, 1];
        foreach (var id in new[] { user.Id, other.Id })
        {
            await PutAppAsync(id);
            await Factors.ReplaceRecoveryCodesAsync(id, Salt, [TestDatabase.Hash()], Now, None);
            await devices.NoteAsync(id, new SeenDevice(device, Now.AddDays(30), Now.AddDays(30), null, null), Now, None);
        }

        await AddPasskeyAsync(user.Id, key);
        await Factors.NotePasskeyUseAsync(user.Id, key, Now, None);
        Assert.Equal(new EnrolledFactors { Authenticator = true, Passkeys = 1, RecoveryCodesLeft = 1 }, await Factors.ReadAsync(user.Id, None));

        // One of two: the passkey is still there to stand in for.
        Assert.True(await Factors.TryRemoveAuthenticatorAsync(user.Id, None));
        Assert.False(await Factors.TryRemoveAuthenticatorAsync(user.Id, None));
        Assert.Equal(new EnrolledFactors { Passkeys = 1, RecoveryCodesLeft = 1 }, await Factors.ReadAsync(user.Id, None));
        Assert.NotNull((await devices.FindAsync(user.Id, device, Now, None))!.TrustedUntil);

        await RemovePasskeyAsync(user.Id, key);
        Assert.Equal(EnrolledFactors.None, await Factors.ReadAsync(user.Id, None));
        Assert.Null((await devices.FindAsync(user.Id, device, Now, None))!.TrustedUntil);
        Assert.Empty(await Factors.ListPasskeyUsesAsync(user.Id, None));
        Assert.Equal(new EnrolledFactors { Authenticator = true, RecoveryCodesLeft = 1 }, await Factors.ReadAsync(other.Id, None));
        Assert.NotNull((await devices.FindAsync(other.Id, device, Now, None))!.TrustedUntil);

        Assert.True(await Factors.TryRemoveAuthenticatorAsync(other.Id, None));
        Assert.Equal(EnrolledFactors.None, await Factors.ReadAsync(other.Id, None));
        Assert.Null((await devices.FindAsync(other.Id, device, Now, None))!.TrustedUntil);
    }

    [Fact]
    public async Task Codes_by_mail_need_a_confirmed_address_and_follow_it()
    {
        var user = await Database.AddUserAsync();
        Assert.False(await Factors.TrySetEmailCodesAsync(user.Id, true, None));
        await Database.ChangeUserAsync(user, "email_confirmed = TRUE");
        Assert.True(await Factors.TrySetEmailCodesAsync(user.Id, true, None));
        Assert.False(await Factors.TrySetEmailCodesAsync(user.Id, true, None));
        Assert.True((await Factors.ReadAsync(user.Id, None)).EmailCode);

        await Database.ChangeUserAsync(user, "email_confirmed = FALSE");
        Assert.False((await Factors.ReadAsync(user.Id, None)).EmailCode);
        Assert.True(await Factors.TrySetEmailCodesAsync(user.Id, false, None));
    }

    [Fact]
    public async Task Whoever_read_the_account_before_does_not_write_the_old_choice_back()
    {
        var user = await Database.AddUserAsync(u => u.EmailConfirmed = true);
        var users = Database.NewUserManager(out var scope);
        await using (scope)
        {
            var stale = await users.FindByIdAsync(user.Id);
            Assert.True(await Factors.TrySetEmailCodesAsync(user.Id, true, None));
            Assert.False((await users.UpdateAsync(stale!)).Succeeded);
        }

        Assert.True((await Factors.ReadAsync(user.Id, None)).EmailCode);
    }

    [Fact, Spec("ASVS 6.6.2")]
    public async Task A_code_by_mail_has_five_tries_and_all_made_at_once_count()
    {
        var user = await Database.AddUserAsync();
        await Factors.PutEmailCodeAsync(user.Id, "the-hash", Now, Now.AddMinutes(10), None);

        Assert.Equal(5, (await Database.CrowdAsync<IFactorStore, string?>(store => store.TrySpendEmailTryAsync(user.Id, 5, Now, None))).Count(hash => hash == "the-hash"));
        await Factors.PutEmailCodeAsync(user.Id, "another", Now, Now.AddMinutes(10), None);
        Assert.Equal("another", await Factors.TrySpendEmailTryAsync(user.Id, 5, Now, None));
        Assert.False(await Factors.TryTakeEmailCodeAsync(user.Id, "the-hash", Now, None));
        Assert.Equal(1, await Database.RaceAsync<IFactorStore>(store => store.TryTakeEmailCodeAsync(user.Id, "another", Now, None)));
        Assert.Null(await Factors.TrySpendEmailTryAsync(user.Id, 5, Now, None));
    }

    [Fact]
    public async Task A_code_by_mail_is_its_owners_ends_with_its_time_and_is_one_however_many_are_sent_at_once()
    {
        var (user, other) = (await Database.AddUserAsync(), await Database.AddUserAsync());
        await Database.RaceAsync<IFactorStore>(async store =>
        {
            await store.PutEmailCodeAsync(user.Id, "the-hash", Now, Now.AddMinutes(10), None);
            return true;
        });
        Assert.Equal(1, await Database.CountAsync("tickets"));
        Assert.Null(await Factors.TrySpendEmailTryAsync(other.Id, 5, Now, None));
        Assert.False(await Factors.TryTakeEmailCodeAsync(other.Id, "the-hash", Now, None));
        Assert.Null(await Factors.TrySpendEmailTryAsync(user.Id, 5, Now.AddMinutes(10), None));
        Assert.False(await Factors.TryTakeEmailCodeAsync(user.Id, "the-hash", Now.AddMinutes(10), None));
        Assert.Equal("the-hash", await Factors.TrySpendEmailTryAsync(user.Id, 5, Now, None));
    }

    [Fact]
    public async Task Everything_goes_with_its_user()
    {
        var user = await Database.AddUserAsync();
        await PutAppAsync(user.Id);
        await Factors.ReplaceRecoveryCodesAsync(user.Id, Salt, [TestDatabase.Hash()], Now, None);
        await Factors.NotePasskeyUseAsync(user.Id, [3], Now, None);
        await Factors.PutEmailCodeAsync(user.Id, "the-hash", Now, Now.AddMinutes(10), None);
        await Database.DeleteUserAsync(user);

        foreach (var table in new[] { "authenticator_apps", "recovery_codes", "passkey_uses", "tickets" }) Assert.Equal(0, await Database.CountAsync(table));
    }
}
