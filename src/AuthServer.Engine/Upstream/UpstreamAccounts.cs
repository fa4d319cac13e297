using System.Data.Common;
using System.Text.Json;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Upstream;

/// <summary>A provider's account as it is connected with one of ours.</summary>
public sealed record Connection(string Provider, string DisplayName);

/// <summary>
/// Which of our accounts belongs to a provider's. The provider and its subject decide, never an address: whoever can get an address at a provider must not get the account here that has it.
/// </summary>
public sealed class UpstreamAccounts(IServiceScopeFactory scopes, IPostOffice post, IAuditTrail audit, TimeProvider clock)
{
    private static readonly string[] Taken = ["name", "given_name", "family_name", "middle_name", "nickname", "gender", "birthdate", "zoneinfo", "locale", "profile", "picture", "website"];

    public async Task<User?> FindAsync(UpstreamProvider provider, UpstreamIdentity identity, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var scope = scopes.CreateAsyncScope();
        return await Users(scope).FindByLoginAsync(provider.Name, identity.Subject);
    }

    /// <summary>Whether an account here already has the address that the provider vouches for.</summary>
    public async Task<bool> AddressIsKnownAsync(UpstreamProvider provider, UpstreamIdentity identity, CancellationToken ct)
    {
        if (!VouchesForEmail(provider, identity)) return false;
        await using var scope = scopes.CreateAsyncScope();
        return (await UserLookup.WithConfirmedAsync(Users(scope), identity.Email!, ct)).Count > 0;
    }

    /// <summary>Null where somebody else was first.</summary>
    public async Task<User?> TryCreateAsync(UpstreamProvider provider, UpstreamIdentity identity, string? address, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        var now = clock.GetUtcNow();
        var user = new User { UserName = await FreeNameAsync(users, identity, ct), CreatedAt = now, UpdatedAt = now };
        Apply(user, identity);
        if (identity.Email is { } email && Registration.IsEmailAddress(email)) (user.Email, user.EmailConfirmed) = (email, VouchesForEmail(provider, identity));
        try
        {
            if (!(await users.CreateAsync(user)).Succeeded) return null;
            if (!(await users.AddLoginAsync(user, new UserLoginInfo(provider.Name, identity.Subject, provider.DisplayName))).Succeeded)
            {
                await users.DeleteAsync(user);
                return null;
            }
        }
        catch (Exception fault) when (fault.GetBaseException() is DbException)
        {
            return await RemoveUnlinkedAsync(user.Id, provider, identity);
        }

        audit.Record(new AuditEvent(AuditKind.Registered, Subject: user.Id, Address: address, Detail: "by " + provider.Name));
        return user;
    }

    /// <summary>False where this provider's account belongs to somebody already.</summary>
    public async Task<bool> TryLinkAsync(string userId, UpstreamProvider provider, UpstreamIdentity identity, string? address, string? device, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        if (await users.FindByIdAsync(userId) is not { } user) return false;
        if (await users.FindByLoginAsync(provider.Name, identity.Subject) is { } owner) return owner.Id == userId;
        try
        {
            if (!(await users.AddLoginAsync(user, new UserLoginInfo(provider.Name, identity.Subject, provider.DisplayName))).Succeeded) return false;
        }
        catch (Exception fault) when (fault.GetBaseException() is DbException)
        {
            return false;
        }

        Tell(user, "Connected:" + provider.DisplayName, $"{provider.Name} connected", address, device);
        return true;
    }

    public async Task<IReadOnlyList<Connection>> ListAsync(string userId, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        return await users.FindByIdAsync(userId) is { } user ? [.. (await users.GetLoginsAsync(user)).Select(static l => new Connection(l.LoginProvider, l.ProviderDisplayName ?? l.LoginProvider))] : [];
    }

    /// <summary>False where it is the last way in: without a password, a passkey or another provider nobody could sign in any more.</summary>
    public async Task<bool> TryUnlinkAsync(string userId, string provider, string? address, string? device, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        if (await users.FindByIdAsync(userId) is not { } user) return false;
        var logins = await users.GetLoginsAsync(user);
        if (logins.FirstOrDefault(l => l.LoginProvider == provider) is not { } login) return true;
        if (user.PasswordHash is null && logins.All(l => l.LoginProvider == provider) && (await users.GetPasskeysAsync(user)).Count == 0) return false;
        if (!(await users.RemoveLoginAsync(user, login.LoginProvider, login.ProviderKey)).Succeeded) return false;
        Tell(user, "Disconnected:" + (login.ProviderDisplayName ?? provider), $"{provider} disconnected", address, device);
        return true;
    }

    private void Tell(User user, string what, string detail, string? address, string? device)
    {
        audit.Record(new AuditEvent(AuditKind.ExternalLoginChanged, Subject: user.Id, Address: address, Detail: detail));
        if (user is not { EmailConfirmed: true, Email: { } to }) return;
        post.Post(new Letter { Kind = MailKind.ExternalLoginChanged, To = to, Name = user.UserName, Values = new Dictionary<string, string>(LetterValues.Of(clock.GetUtcNow(), address, device)) { ["what"] = what } });
    }

    private static bool VouchesForEmail(UpstreamProvider provider, UpstreamIdentity identity) =>
        provider.TrustEmail && identity.EmailVerified && identity.Email is { } email && Registration.IsEmailAddress(email);

    /// <summary>What is not as it has to be is left out: a strange picture address must not keep anybody out.</summary>
    private static void Apply(User user, UpstreamIdentity identity)
    {
        foreach (var name in Taken)
        {
            if (identity.Claims[name] is not { } value) continue;
            using var claim = JsonDocument.Parse($"{{{JsonSerializer.Serialize(name)}:{value.ToJsonString()}}}");
            UserProfile.Apply(claim.RootElement, user);
        }
    }

    private static async Task<string> FreeNameAsync(UserManager<User> users, UpstreamIdentity identity, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var wanted = identity.Text("preferred_username")?.Split('@')[0] ?? identity.Email?.Split('@')[0] ?? identity.Text("given_name") ?? "";
        var name = string.Concat(wanted.Where(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-').Take(40)).ToLowerInvariant();
        if (name.Length < 3) name = "user";
        if (name != "user" && await users.FindByNameAsync(name) is null) return name;
        return $"{name}-{Guid.NewGuid().ToString("N")[..8]}";
    }

    /// <summary>Two tabs came back at the same moment: the one that was too late leaves no account behind.</summary>
    private async Task<User?> RemoveUnlinkedAsync(string userId, UpstreamProvider provider, UpstreamIdentity identity)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        var winner = await users.FindByLoginAsync(provider.Name, identity.Subject);
        if (winner?.Id != userId && await users.FindByIdAsync(userId) is { } orphan) await users.DeleteAsync(orphan);
        return winner;
    }

    private static UserManager<User> Users(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<UserManager<User>>();
}
