using System.CommandLine;
using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Storage;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace AuthServer.Cli;

/// <summary><c>user add|list|disable|set-password|reset-factors|sign-out</c>.</summary>
internal static class UserCommand
{
    /// <summary>Removed while the command was at work.</summary>
    private const string Gone = "There is no such user any more.";

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
        var form = new PersonForm { UserName = name, Email = email, EmailVerified = email is null ? null : true, Password = password ?? Ask(), Administrator = admin, Claims = claims is null ? null : await ReadAsync(claims, ct) };
        var person = Refused.OrGet(await context.Get<PeopleAdministration>().CreateAsync(Actors.CommandLine, form, ct), Gone);
        context.Write(Row(person), ("id", person.Id), ("username", person.UserName), ("administrator", admin ? "yes" : null));
        return 0;
    }

    private static async Task<JsonElement> ReadAsync(FileInfo file, CancellationToken ct)
    {
        if (!file.Exists) throw new CommandException($"There is no file {file.FullName}.");
        try
        {
            using var claims = JsonDocument.Parse(await File.ReadAllTextAsync(file.FullName, ct));
            return claims.RootElement.Clone();
        }
        catch (JsonException fault)
        {
            throw new CommandException("The claims are not JSON: " + fault.Message);
        }
    }

    private static Command List()
    {
        var json = SharedOptions.Json();
        var search = new Option<string?>("--search") { Description = "Beginnings of words of the user name, the e-mail address or the person's names." };
        var most = new Option<int>("--most") { Description = "How many at most.", DefaultValueFactory = _ => 100 };
        var command = new Command("list", "Lists people.") { search, most, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var people = new List<Person>();
            string? cursor = null;
            do
            {
                var request = new PageRequest { Limit = Math.Min(parsed.GetValue(most) - people.Count, PageRequest.MaximumLimit), Cursor = cursor };
                var page = Refused.OrGet(await context.Get<PeopleAdministration>().ListAsync(Actors.CommandLine, new PeopleFilter { Search = parsed.GetValue(search) }, request, token), Gone);
                people.AddRange(page.Items);
                cursor = page.Next;
            }
            while (cursor is not null && people.Count < parsed.GetValue(most));

            context.WriteTable(people.ConvertAll(Row), "There is nobody yet. Add somebody: user add --username alice --email alice@example.com",
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
            var id = (await FindAsync(context, parsed.GetValue(name)!, token)).Id;
            var person = Refused.OrGet(await context.Get<PersonAccess>().SetDisabledAsync(Actors.CommandLine, id, !parsed.GetValue(enable), token), Gone);
            context.Write(Row(person), ("username", person.UserName), ("disabled", person.Disabled ? "yes" : "no"));
            return 0;
        }, ct));
        return command;
    }

    private static Command SetPassword()
    {
        var name = new Argument<string>("username");
        var password = new Option<string?>("--password") { Description = "The new password. Without it, asked for on the terminal." };
        var temporary = new Option<bool>("--temporary") { Description = "The person has to choose their own at the next sign-in." };
        var json = SharedOptions.Json();
        var command = new Command("set-password", "Gives a person a new password; sessions end, tokens stop working.") { name, password, temporary, json };
        command.SetAction((parsed, ct) => CommandContext.RunAsync(parsed.GetValue(json), async (context, token) =>
        {
            var id = (await FindAsync(context, parsed.GetValue(name)!, token)).Id;
            var person = Refused.OrGet(await context.Get<PersonAccess>().SetPasswordAsync(Actors.CommandLine, id, parsed.GetValue(password) ?? Ask(), parsed.GetValue(temporary), token), Gone);
            context.Write(Row(person), ("username", person.UserName), ("password", "changed"));
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
            var person = await FindAsync(context, parsed.GetValue(name)!, token);
            Refused.OrGet(await context.Get<FactorAdministration>().ResetAsync(Actors.CommandLine, person.Id, token), Gone);
            context.Write(Row(person), ("username", person.UserName), ("second factors", "none"));
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
                ? [(await FindAsync(context, one, token)).Id]
                : await context.Get<AuthDbContext>().Sessions.Where(s => s.EndedAt == null && s.ExpiresAt > now).Select(s => s.UserId)
                    .Union(context.Get<AuthDbContext>().Grants.Where(g => g.RevokedAt == null && g.ExpiresAt > now && g.UserId != null).Select(g => g.UserId!)).ToListAsync(token);
            foreach (var id in people) Refused.OrGet(await context.Get<SessionAdministration>().EndAllAsync(Actors.CommandLine, id, token), Gone);

            context.Write(new { signed_out = people.Count }, ("signed out", people.Count == 1 ? "1 person" : $"{people.Count} people"));
            return 0;
        }, ct));
        return command;
    }

    private static async Task<Person> FindAsync(CommandContext context, string name, CancellationToken ct) =>
        Refused.OrGet(await context.Get<PeopleAdministration>().FindByNameAsync(Actors.CommandLine, name, ct), $"There is no user {name}.");

    private static string Ask() => Console.IsInputRedirected
        ? Console.ReadLine() ?? throw new CommandException("No password was given.")
        : AnsiConsole.Prompt(new TextPrompt<string>("Password:").Secret());

    private static UserRow Row(Person person) => new(person.Id, person.UserName, person.Email, person.Disabled, person.IsAdministrator);

    private sealed record UserRow(string Id, string? UserName, string? Email, bool Disabled, bool IsAdministrator);
}
