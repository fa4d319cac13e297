using System.Data.Common;
using AuthServer.Engine.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Recovery;

/// <summary>Gives a person an address that they have shown to be theirs. One address is confirmed for one person at most.</summary>
public sealed class ConfirmedAddress(IServiceScopeFactory scopes, TimeProvider clock)
{
    public async Task<bool> IsTakenAsync(string address, string exceptUserId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await UserLookup.WithConfirmedAsync(scope.ServiceProvider.GetRequiredService<UserManager<User>>(), address, ct)).Any(u => u.Id != exceptUserId);
    }

    /// <summary>False where it is somebody else's by now, or the account is gone or no longer names <paramref name="expected"/>.</summary>
    /// <param name="expected">The address the account has to have, confirmed or not; null: any.</param>
    public async Task<bool> TrySetAsync(string userId, string address, string? expected, CancellationToken ct)
    {
        if (await IsTakenAsync(address, userId, ct)) return false;
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.FindByIdAsync(userId) is not { Disabled: false } user) return false;
        if (expected is not null && !string.Equals(user.Email, expected, StringComparison.Ordinal)) return false;
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
