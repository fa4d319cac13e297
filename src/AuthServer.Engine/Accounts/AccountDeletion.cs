using AuthServer.Engine.Audit;
using AuthServer.Engine.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Accounts;

/// <summary>The database verb of a deletion.</summary>
public interface IAccountDeletionStore
{
    /// <summary>
    /// Deletes the user with everything that is theirs, in one transaction. False where nothing was deleted: the user is gone, or is the last administrator who can sign in;
    /// two administrators who leave at the same moment do not leave the server without one.
    /// </summary>
    Task<bool> TryDeleteAsync(string userId, CancellationToken ct);

    /// <summary>Whether another administrator can sign in.</summary>
    Task<bool> HasOtherAdministratorAsync(string userId, CancellationToken ct);
}

/// <summary>A person deletes their account. Tokens and sessions fall with it at once: they name rows that are gone.</summary>
/// <remarks>The audit trail keeps its lines under an identifier that leads to nobody any more: whoever takes over an account must not be able to clean up behind themselves.</remarks>
public sealed class AccountDeletion(IServiceScopeFactory scopes, IAccountDeletionStore store, IPostOffice post, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>False: this is the last administrator, and somebody has to be able to run this server.</summary>
    public async Task<bool> IsAllowedAsync(string userId, bool isAdministrator, CancellationToken ct) => !isAdministrator || await store.HasOtherAdministratorAsync(userId, ct);

    public async Task<bool> TryDeleteAsync(string userId, string? address, string? device, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(userId) is not { } user) return false;
        if (!await store.TryDeleteAsync(userId, ct)) return false;

        audit.Record(new AuditEvent(AuditKind.AccountDeleted, Subject: userId, Address: address, Detail: "by the person"));
        if (user.Email is { } to && user.EmailConfirmed)
            post.Post(new Letter { Kind = MailKind.AccountDeleted, To = to, Name = user.UserName, Values = LetterValues.Of(clock.GetUtcNow(), address, device) });
        return true;
    }
}
