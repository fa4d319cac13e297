using AuthServer.Engine.Accounts;
using AuthServer.Engine.Mail;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tickets;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Recovery;

/// <summary>Mails links for a new password. One that was sent before stops working.</summary>
public sealed class PasswordResetLetters(IServiceScopeFactory scopes, TicketOffice tickets, IPostOffice post, Issuer issuer, TimeProvider clock)
{
    /// <summary>A link goes to an address only that is known to be the person's, who may sign in.</summary>
    internal bool MaySend(User user) => user is { Disabled: false, EmailConfirmed: true, Email.Length: > 0 } && !(user.LockoutEnd > clock.GetUtcNow());

    /// <summary>False where nothing was sent.</summary>
    public async Task<bool> TrySendAsync(string userId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(userId) is { } user && await TrySendAsync(user, null, null, ct);
    }

    /// <param name="request">Handle of the waiting request the person came from.</param>
    /// <param name="culture">Null: that of the request at work.</param>
    internal async Task<bool> TrySendAsync(User user, string? request, string? culture, CancellationToken ct)
    {
        if (!MaySend(user)) return false;
        await tickets.DropAsync(PasswordReset.Kind, user.Id, ct);
        var handle = await tickets.IssueAsync(PasswordReset.Kind, user.Id, new PasswordResetLink(user.SecurityStamp ?? "", user.Email!, request), ct);
        post.Post(new Letter { Kind = MailKind.ResetPassword, To = user.Email!, Name = user.UserName, Culture = culture, Values = new Dictionary<string, string> { ["link"] = issuer.Url("/reset?code=" + handle) } });
        return true;
    }
}
