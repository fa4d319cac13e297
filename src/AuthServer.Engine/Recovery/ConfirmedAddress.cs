using System.Data.Common;
using AuthServer.Engine.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Recovery;

/// <summary>Gives a person an address that they have shown to be theirs. One address is confirmed for one person at most.</summary>
public sealed class ConfirmedAddress(IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>Under which letters to an address that nobody has confirmed are counted: whoever has many accounts floods no stranger's mailbox from them.</summary>
    internal static string BrakeName(string address) => "mail-to:" + address.ToUpperInvariant();

    public async Task<bool> IsTakenAsync(string address, string exceptUserId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await UserLookup.WithConfirmedAsync(scope.ServiceProvider.GetRequiredService<UserManager<User>>(), address, ct)).Any(u => u.Id != exceptUserId);
    }

    /// <summary>False where it is somebody else's by now, or the account is gone or no longer <paramref name="asExpected"/>.</summary>
    /// <param name="asExpected">Whether the account still is what it was when the link was sent.</param>
    public async Task<bool> TrySetAsync(string userId, string address, Func<User, bool> asExpected, CancellationToken ct)
    {
        if (await IsTakenAsync(address, userId, ct)) return false;
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.FindByIdAsync(userId) is not { Disabled: false } user || !asExpected(user)) return false;
        (user.Email, user.EmailConfirmed, user.UpdatedAt) = (address, true, clock.GetUtcNow());
        try
        {
            return (await users.UpdateAsync(user)).Succeeded;
        }
        catch (Exception fault) when (fault.GetBaseException() is DbException)
        {
            // Two people confirmed one address in the same moment: the look saw it free, the unique index did not.
            if (await IsTakenAsync(address, userId, ct)) return false;
            throw;
        }
    }
}
