using System.Data.Common;
using System.Net.Mail;
using System.Text.Json.Nodes;
using AuthServer.Engine.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Accounts;

/// <summary>What a person types to create an account.</summary>
public sealed record RegistrationForm
{
    public required string UserName { get; init; }
    public string? Email { get; init; }
    public string? GivenName { get; init; }
    public string? FamilyName { get; init; }
    public required string Password { get; init; }

    /// <summary>The user name is an address, so it is taken also where it is somebody's confirmed one: whoever signs in by it is that person.</summary>
    public bool UserNameIsAddress { get; init; }
}

public abstract record RegistrationOutcome
{
    private RegistrationOutcome() { }

    public sealed record Registered(User User) : RegistrationOutcome;

    public sealed record Invalid(IReadOnlyList<FieldFault> Faults) : RegistrationOutcome;

    public sealed record Busy(int RetryAfterSeconds) : RegistrationOutcome;

    /// <summary>Only where the caller asks for an address of its own.</summary>
    public sealed record AddressTaken : RegistrationOutcome;
}

/// <summary>Creates accounts. An e-mail address is only noted: until it is verified it finds no account and proves nothing, so two people may type the same one.</summary>
public sealed class Registration(IServiceScopeFactory scopes, HashingGate gate, IOptions<AccountOptions> options, IAuditTrail audit, TimeProvider clock)
{
    private const int MaximumNameLength = 100;

    public async Task<RegistrationOutcome> RegisterAsync(RegistrationForm form, string? address, CancellationToken ct) => options.Value.RegistrationEnabled
        ? await CreateAsync(form, address, administrator: false, static () => Task.FromResult<RegistrationOutcome?>(null), ct)
        : new RegistrationOutcome.Invalid([new FieldFault("", AccountFault.RegistrationClosed)]);

    /// <summary>For the old APIs, which promise each address to one account: one that any account has, confirmed or not, is refused. Everywhere else two people may note the same one.</summary>
    public async Task<RegistrationOutcome> RegisterWithNewAddressAsync(RegistrationForm form, string? address, CancellationToken ct) => options.Value.RegistrationEnabled
        ? await CreateAsync(form, address, administrator: false, async () => form.Email is { Length: > 0 } email && await IsKnownAsync(email, ct) ? new RegistrationOutcome.AddressTaken() : null, ct)
        : new RegistrationOutcome.Invalid([new FieldFault("", AccountFault.RegistrationClosed)]);

    /// <param name="lastObjection">Asked when everything else is good and the machine has room: the moment to use something up.</param>
    internal async Task<RegistrationOutcome> CreateAsync(RegistrationForm form, string? address, bool administrator, Func<Task<RegistrationOutcome?>> lastObjection, CancellationToken ct)
    {
        using var place = gate.TryTake();
        if (place is null) return new RegistrationOutcome.Busy(HashingGate.RetryAfterSeconds);

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var now = clock.GetUtcNow();
        var user = new User
        {
            UserName = form.UserName,
            Email = form.Email is { Length: > 0 } email ? email : null,
            Profile = ProfileOf(form),
            CreatedAt = now,
            UpdatedAt = now,
            IsAdministrator = administrator,
        };
        if (await FaultsAsync(users, user, form, ct) is { Count: > 0 } faults) return new RegistrationOutcome.Invalid(faults);
        if (await lastObjection() is { } objection) return objection;

        var created = await place.RunAsync(() => SaveAsync(users, user, form.Password), ct);
        if (!created.Succeeded) return new RegistrationOutcome.Invalid([.. created.Errors.Select(FieldFault.Of).Distinct()]);

        audit.Record(new AuditEvent(administrator ? AuditKind.AdministratorCreated : AuditKind.Registered, Subject: user.Id, Address: address));
        return new RegistrationOutcome.Registered(user);
    }

    /// <summary>Everything that can be said against the form without creating anything.</summary>
    private static async Task<IReadOnlyList<FieldFault>> FaultsAsync(UserManager<User> users, User user, RegistrationForm form, CancellationToken ct)
    {
        var faults = Check(form);
        foreach (var rules in users.PasswordValidators) faults.AddRange((await rules.ValidateAsync(users, user, form.Password)).Errors.Select(FieldFault.Of));
        if (faults.Count == 0)
            foreach (var rules in users.UserValidators) faults.AddRange((await rules.ValidateAsync(users, user)).Errors.Select(FieldFault.Of));
        if (faults.Count == 0 && form.UserNameIsAddress && (await UserLookup.WithConfirmedAsync(users, form.UserName, ct)).Count > 0) faults.Add(new FieldFault(nameof(form.UserName), AccountFault.UserNameTaken));
        return faults;
    }

    private async Task<bool> IsKnownAsync(string email, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var normalized = users.NormalizeEmail(email);
        var query = users.Users.Where(u => u.NormalizedEmail == normalized).Select(static u => u.Id).Take(1);
        return query is IAsyncEnumerable<string> rows ? await rows.AnyAsync(ct) : query.Any();
    }

    private async Task<IdentityResult> SaveAsync(UserManager<User> users, User user, string password)
    {
        try
        {
            return await users.CreateAsync(user, password);
        }
        catch (Exception fault) when (fault.GetBaseException() is DbException)
        {
            // Two people wanted one name at the same moment: the rules saw it free, the unique index did not.
            await using var scope = scopes.CreateAsyncScope();
            if (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByNameAsync(user.UserName!) is null) throw;
            return IdentityResult.Failed(users.ErrorDescriber.DuplicateUserName(user.UserName!));
        }
    }

    private static List<FieldFault> Check(RegistrationForm form)
    {
        var faults = new List<FieldFault>();
        if (form.UserName.Length is < 3 or > 64 || !form.UserName.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or '+'))
            faults.Add(new FieldFault(nameof(form.UserName), AccountFault.UserNameMalformed));
        if (form.Email is { Length: > 0 } email && !IsEmailAddress(email)) faults.Add(new FieldFault(nameof(form.Email), AccountFault.EmailMalformed));
        foreach (var (field, name) in new[] { (nameof(form.GivenName), form.GivenName), (nameof(form.FamilyName), form.FamilyName) })
        {
            if (name is { Length: > MaximumNameLength } || name?.Any(char.IsControl) == true) faults.Add(new FieldFault(field, AccountFault.TooLong, MaximumNameLength));
        }

        return faults;
    }

    /// <summary>One plain address: what a mail program would read as several, or as a header, is refused.</summary>
    internal static bool IsEmailAddress(string text) =>
        text.Length <= 254 && !text.Any(static c => c is <= ' ' or > '~' or ',' or ';' or '<' or '>' or '(' or ')' or '"' or '\\' or ':')
        && MailAddress.TryCreate(text, out var parsed) && string.Equals(parsed.Address, text, StringComparison.Ordinal) && parsed.Host.Contains('.', StringComparison.Ordinal);

    private static string ProfileOf(RegistrationForm form)
    {
        var profile = new JsonObject();
        var name = string.Join(' ', new[] { form.GivenName, form.FamilyName }.Where(static n => !string.IsNullOrWhiteSpace(n)));
        if (name.Length > 0) profile["name"] = name;
        if (!string.IsNullOrWhiteSpace(form.GivenName)) profile["given_name"] = form.GivenName;
        if (!string.IsNullOrWhiteSpace(form.FamilyName)) profile["family_name"] = form.FamilyName;
        return profile.ToJsonString();
    }
}
