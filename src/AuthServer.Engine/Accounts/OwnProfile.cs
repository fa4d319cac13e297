using System.Text.Json.Nodes;
using AuthServer.Engine.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Accounts;

/// <summary>What is said about a person, and how they change it (OpenID Connect Core §5.1).</summary>
public sealed class OwnProfile(IServiceScopeFactory scopes, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>Null where the user is gone.</summary>
    public async Task<User?> ReadAsync(string userId)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(userId);
    }

    /// <summary>Answers what is wrong, at the claim it is about; then nothing was changed. <c>updated_at</c> moves where something did change.</summary>
    public async Task<IReadOnlyList<FieldFault>> ApplyAsync(string userId, JsonObject claims, string? address)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.FindByIdAsync(userId) is not { } user) return [new FieldFault("", AccountFault.AccountGone)];

        var before = (user.Profile, user.PhoneNumber);
        using (var json = System.Text.Json.JsonDocument.Parse(claims.ToJsonString()))
        {
            var faults = UserProfile.Apply(json.RootElement, user);
            if (faults.Count > 0) return [.. faults.Select(static f => new FieldFault(f.Split(' ')[0], AccountFault.ClaimMalformed))];
        }

        if (before == (user.Profile, user.PhoneNumber)) return [];
        user.UpdatedAt = clock.GetUtcNow();
        if (!(await users.UpdateAsync(user)).Succeeded) return [new FieldFault("", AccountFault.ChangedMeanwhile)];

        audit.Record(new AuditEvent(AuditKind.ProfileChanged, Subject: userId, Address: address));
        return [];
    }
}
