using System.CommandLine;
using System.Text.Json;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Audit;
using AuthServer.Engine.Factors;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;
using AuthServer.Hosting;
using AuthServer.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace AuthServer.Cli;

/// <summary><c>user add|list|disable|set-password|reset-factors|sign-out</c>.</summary>
internal static class UserCommand
{
    public static Command Create()
    {
        var command = new Command("user", "Adds, lists and disables people.");
        command.Subcommands.Add(Add());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Disable());
        command.Subcommands.Add(SetPassword());
        command.Subcommands.Add(ResetFactors());
        command.Subcommands.Add(SignOut());
        return command;
    }

    private static Command Add()
    {
        var name = new Option<string>("--username") { Description = "The name to sign in with.", Required = true };
        var email = new Option<string?>("--email") { Description = "The e-mail address; taken as verified." };
        var password = new Option<string?>("--password") { Description = "The password. Without it, asked for on the terminal." };
        var admin = new Option<bool>("--admin") { Description = "May administer this server." };
        var claims = new Option<FileInfo?>("--claims") { Description = "Standard claims (OpenID Connect Core 5.1) as a JSON object." };
        var json = SharedOptions.Json();
        var command = new Command("add", "Adds a person.") { name, email, password, admin, claims, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), (context, token) =>
            AddAsync(context, parsed.GetValue(name)!, parsed.GetValue(email), parsed.GetValue(password), parsed.GetValue(admin), parsed.GetValue(claims), token), ct));
        return command;
    }

    private static async Task<int> AddAsync(CommandContext context, string name, string? email, string? password, bool admin, FileInfo? claims, CancellationToken ct)
    {
        var now = context.Get<TimeProvider>().GetUtcNow();
        var user = new User { UserName = name, Email = email, EmailConfirmed = email is not null, CreatedAt = now, UpdatedAt = now, IsAdministrator = admin };
        if (claims is not null) await ApplyClaimsAsync(user, claims, ct);
        Demand(await context.Get<UserManager<User>>().CreateAsync(user, password ?? Ask()));
        context.Get<IAuditTrail>().Record(new AuditEvent(admin ? AuditKind.AdministratorCreated : AuditKind.UserChanged, Subject: user.Id, Detail: "added by the command line"));
        context.Write(Row(user), ("id", user.Id), ("username", user.UserName), ("administrator", admin ? "yes" : null));
        return 0;
    }

    private static async Task ApplyClaimsAsync(User user, FileInfo file, CancellationToken ct)
    {
        if (!file.Exists) throw new CommandException($"There is no file {file.FullName}.");
        try
        {
            using var claims = JsonDocument.Parse(await File.ReadAllTextAsync(file.FullName, ct));
            if (UserProfile.Apply(claims.RootElement, user) is { Count: > 0 } faults) throw new CommandException("The claims are not good: " + string.Join("; ", faults) + ".");
        }
        catch (JsonException fault)
        {
            throw new CommandException("The claims are not JSON: " + fault.Message);
        }
    }

    private static Command List()
    {
        var json = SharedOptions.Json();
        var search = new Option<string?>("--search") { Description = "Part of the user name or the e-mail address." };
        var most = new Option<int>("--most") { Description = "How many at most.", DefaultValueFactory = _ => 100 };
        var command = new Command("list", "Lists people.") { search, most, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var part = parsed.GetValue(search)?.ToUpperInvariant();
            var users = await context.Get<AuthDbContext>().Users.AsNoTracking()
                .Where(u => part == null || u.NormalizedUserName!.Contains(part) || (u.NormalizedEmail != null && u.NormalizedEmail.Contains(part)))
                .OrderBy(u => u.NormalizedUserName).Take(parsed.GetValue(most)).ToListAsync(token);
            context.WriteTable(users.ConvertAll(Row), "There is nobody yet. Add somebody: user add --username alice --email alice@example.com",
                ("id", u => u.Id), ("user name", u => u.UserName), ("e-mail", u => u.Email), ("", u => u.Disabled ? "disabled" : u.IsAdministrator ? "administrator" : ""));
            return 0;
        }, ct));
        return command;
    }

    private static Command Disable()
    {
        var name = new Argument<string>("username");
        var enable = new Option<bool>("--enable") { Description = "Let the person in again." };
        var json = SharedOptions.Json();
        var command = new Command("disable", "Shuts a person out at once: sessions end, tokens stop working.") { name, enable, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var user = await FindAsync(context, parsed.GetValue(name)!);
            user.Disabled = !parsed.GetValue(enable);
            user.UpdatedAt = context.Get<TimeProvider>().GetUtcNow();
            Demand(await context.Get<UserManager<User>>().UpdateAsync(user));
            if (user.Disabled) await EndEverythingAsync(context, user.Id, token);
            context.Get<IAuditTrail>().Record(new AuditEvent(AuditKind.UserChanged, Subject: user.Id, Detail: user.Disabled ? "disabled by the command line" : "enabled by the command line"));
            context.Write(Row(user), ("username", user.UserName), ("disabled", user.Disabled ? "yes" : "no"));
            return 0;
        }, ct));
        return command;
    }

    private static Command SetPassword()
    {
        var name = new Argument<string>("username");
        var password = new Option<string?>("--password") { Description = "The new password. Without it, asked for on the terminal." };
        var json = SharedOptions.Json();
        var command = new Command("set-password", "Gives a person a new password; sessions end, tokens stop working.") { name, password, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var users = context.Get<UserManager<User>>();
            var user = await FindAsync(context, parsed.GetValue(name)!);
            var newPassword = parsed.GetValue(password) ?? Ask();
            foreach (var rules in users.PasswordValidators) Demand(await rules.ValidateAsync(users, user, newPassword));
            user.PasswordHash = users.PasswordHasher.HashPassword(user, newPassword);
            Demand(await users.UpdateSecurityStampAsync(user));
            await EndEverythingAsync(context, user.Id, token);
            context.Get<IAuditTrail>().Record(new AuditEvent(AuditKind.UserChanged, Subject: user.Id, Detail: "password set by the command line"));
            context.Write(Row(user), ("username", user.UserName), ("password", "changed"));
            return 0;
        }, ct));
        return command;
    }

    private static Command ResetFactors()
    {
        var name = new Argument<string>("username");
        var json = SharedOptions.Json();
        var command = new Command("reset-factors", "Takes away the authenticator app, passkeys, recovery codes and codes by mail of a person who lost them; sessions end, tokens stop working. Make sure first that it is the person who asks.") { name, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var user = await FindAsync(context, parsed.GetValue(name)!);
            var passkeys = context.Get<Passkeys>();
            foreach (var passkey in await passkeys.ListAsync(user.Id, token)) await passkeys.TryRemoveAsync(user.Id, passkey.Id, token);
            await context.Get<AuthenticatorApp>().TryRemoveAsync(user.Id, token);
            await context.Get<EmailCodes>().SetEnabledAsync(user.Id, on: false, token);
            await EndEverythingAsync(context, user.Id, token);
            context.Get<IAuditTrail>().Record(new AuditEvent(AuditKind.UserChanged, Subject: user.Id, Detail: "second factors taken away by the command line"));
            context.Write(Row(user), ("username", user.UserName), ("second factors", "none"));
            return 0;
        }, ct));
        return command;
    }

    private static Command SignOut()
    {
        var name = new Argument<string?>("username") { Arity = ArgumentArity.ZeroOrOne };
        var everybody = new Option<bool>("--everybody") { Description = "Every person of this server." };
        var json = SharedOptions.Json();
        var command = new Command("sign-out", "Ends the sessions of one person or of everybody, and stops their tokens.") { name, everybody, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            if (parsed.GetValue(everybody) == parsed.GetValue(name) is not null) throw new CommandException("Name a person, or say --everybody.");
            var now = context.Get<TimeProvider>().GetUtcNow();
            var people = parsed.GetValue(name) is { } one
                ? [(await FindAsync(context, one)).Id]
                : await context.Get<AuthDbContext>().Sessions.Where(s => s.EndedAt == null && s.ExpiresAt > now).Select(s => s.UserId)
                    .Union(context.Get<AuthDbContext>().Grants.Where(g => g.RevokedAt == null && g.ExpiresAt > now && g.UserId != null).Select(g => g.UserId!)).ToListAsync(token);
            foreach (var id in people)
            {
                await EndEverythingAsync(context, id, token);
                context.Get<IAuditTrail>().Record(new AuditEvent(AuditKind.SessionEnded, Subject: id, Detail: "by the command line"));
            }

            context.Write(new { signed_out = people.Count }, ("signed out", people.Count == 1 ? "1 person" : $"{people.Count} people"));
            return 0;
        }, ct));
        return command;
    }

    /// <summary>Whoever held the old password may hold sessions and tokens too.</summary>
    private static async Task EndEverythingAsync(CommandContext context, string userId, CancellationToken ct)
    {
        var now = context.Get<TimeProvider>().GetUtcNow();
        await context.Get<ISessionStore>().EndAllAsync(userId, null, now, ct);
        await context.Get<ITokenStore>().RevokeGrantsOfUserAsync(userId, now, ct);
    }

    private static async Task<User> FindAsync(CommandContext context, string name) =>
        await context.Get<UserManager<User>>().FindByNameAsync(name) ?? throw new CommandException($"There is no user {name}.");

    private static void Demand(IdentityResult result)
    {
        if (!result.Succeeded) throw new CommandException(string.Join(" ", result.Errors.Select(FieldFault.Of).Select(AccountFaultWords.Of)));
    }

    private static string Ask() => Console.IsInputRedirected
        ? Console.ReadLine() ?? throw new CommandException("No password was given.")
        : AnsiConsole.Prompt(new TextPrompt<string>("Password:").Secret());

    private static UserRow Row(User user) => new(user.Id, user.UserName, user.Email, user.Disabled, user.IsAdministrator);

    private sealed record UserRow(string Id, string? UserName, string? Email, bool Disabled, bool IsAdministrator);
}
