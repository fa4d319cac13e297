using System.Data.Common;
using AuthServer.Engine.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AuthServer.Engine.Administration;

/// <summary>Writes a person by Identity, and says in the administration's words why it could not be.</summary>
public sealed class PersonWriter(IServiceScopeFactory scopes, IPeopleStore people)
{
    /// <param name="version">The one the actor has read; null: whichever there is.</param>
    /// <param name="change">Changes the person, or says what speaks against it.</param>
    public async Task<Outcome<Person>> ChangeAsync(string id, string? version, Func<UserManager<User>, User, Task<Refusal?>> change, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.FindByIdAsync(id) is not { } user) return Refusal.NotFound;
        if (version is not null && !string.Equals(version, user.ConcurrencyStamp, StringComparison.Ordinal)) return Refusal.Stale;
        if (await change(users, user) is { } refusal) return refusal;
        return await SaveAsync(user, () => users.UpdateAsync(user), ct) is { } fault ? fault : Person.Of(user);
    }

    /// <summary>What the look says; nothing is written.</summary>
    public async Task<Refusal?> LookAsync(string id, Func<UserManager<User>, User, Task<Refusal?>> look)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        return await users.FindByIdAsync(id) is { } user ? await look(users, user) : Refusal.NotFound;
    }

    /// <param name="check">Says what speaks against the person before anything is hashed.</param>
    /// <param name="finish">The last thing before the write: the slow part.</param>
    public async Task<Outcome<Person>> AddAsync(User user, Func<UserManager<User>, Task<IReadOnlyList<Objection>>> check, Func<UserManager<User>, Task> finish, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await check(users) is { Count: > 0 } objections) return Refusal.Invalid(objections);
        if (await TakenAsync(user, isNew: true, ct) is { } taken) return taken;
        await finish(users);
        return await SaveAsync(user, () => users.CreateAsync(user), ct, isNew: true) is { } fault ? fault : Person.Of(user);
    }

    private async Task<Refusal?> SaveAsync(User user, Func<Task<IdentityResult>> save, CancellationToken ct, bool isNew = false)
    {
        try
        {
            var result = await save();
            if (result.Succeeded) return null;
            if (result.Errors.Any(static e => e.Code == nameof(IdentityErrorDescriber.ConcurrencyFailure))) return Refusal.Stale;
            var objections = result.Errors.Select(FieldFault.Of).Distinct().Select(AccountObjections.Of).ToList();
            return objections.Exists(static o => o.Code == "taken") ? new Refusal(RefusalKind.Conflict, objections) : Refusal.Invalid(objections);
        }
        catch (Exception fault) when (fault.GetBaseException() is DbException)
        {
            // Two wanted one name, number or address at the same moment: the look before saw it free, the unique index did not.
            if (await TakenAsync(user, isNew, ct) is { } taken) return taken;
            throw;
        }
    }

    /// <summary>What of this person is somebody else's already.</summary>
    private async Task<Refusal?> TakenAsync(User user, bool isNew, CancellationToken ct)
    {
        if (isNew && await people.FindAsync(user.Id, ct) is not null) return Refusal.Conflict("id", "taken", "There is a person with this id.");
        if (isNew && user.Number != 0 && await people.HasNumberAsync(user.Number, ct)) return Refusal.Conflict("number", "taken", "There is a person with this number.");
        if (await OtherAsync(new PeopleFilter { UserName = user.UserName })) return Refusal.Conflict("user_name", "taken", "This user name is taken.");
        return user is { EmailConfirmed: true, Email: { } email } && await OtherAsync(new PeopleFilter { Email = email }, static p => p.EmailVerified)
            ? Refusal.Conflict("email", "taken", "Somebody else has verified this address.")
            : null;

        async Task<bool> OtherAsync(PeopleFilter filter, Func<Person, bool>? counts = null) =>
            (await people.SliceAsync(filter, 0, PageRequest.MaximumLimit, ct)).People.Any(p => p.Id != user.Id && counts?.Invoke(p) != false);
    }
}
