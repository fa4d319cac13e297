using System.Text.Json;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Administration.Imports;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.ProtocolTests.Import;

/// <summary><c>import users</c>, while the server runs.</summary>
public abstract class PeopleImportTests(ImportedServer shared)
{
    public sealed class OnSqlite(ImportedServer.OnSqlite shared) : PeopleImportTests(shared), IClassFixture<ImportedServer.OnSqlite>;

    public sealed class OnPostgreSql(ImportedServer.OnPostgreSql shared) : PeopleImportTests(shared), IClassFixture<ImportedServer.OnPostgreSql>;

    private static (string Password, string Hash) Known(string format, int place = 0) => KnownAnswers.Read(format)[place];

    private static string Unique(string beginning) => ImportedServer.Unique(beginning);

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(static i => i.ValueKind == JsonValueKind.String ? i.GetString()! : i.GetProperty("name").GetString()!)];

    [Fact]
    public async Task People_come_with_ids_numbers_passwords_and_memberships_and_sign_in()
    {
        var (anna, bert, id, role) = (Unique("anna"), Unique("bert"), Guid.NewGuid().ToString(), Unique("editor"));
        var (django, bcrypt) = (Known("django-pbkdf2"), Known("bcrypt"));
        var csv = $""""
            ID;Number;User-Name;E-Mail;Verified;First Name;Last Name;Password;Roles;Groups;Organisation;Disabled;Created;Shoe Size
            {id.ToUpperInvariant()};71001;{anna};{anna}@example.com;yes;Anna;"Müller; ""die Ältere""";{django.Hash};{role}|{role}2;{role}-team;{role} Ltd;;2020-02-03T04:05:06Z;38
            ;71002;{bert};{bert}@example.com;no;Bert;;{bcrypt.Hash};;;;1;;44

            """";

        var missing = await shared.RunAsync("import", "users", shared.FileWith(csv));
        Assert.Equal(1, missing.Code);
        Assert.Contains($"there is no role {role}", missing.Out, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Undefined, (await shared.PersonAsync(anna))?.ValueKind ?? JsonValueKind.Undefined);

        var report = (await shared.RunAsync("import", "users", shared.FileWith(csv), "--resume", "--create-missing", "--json")).Json();
        Assert.Equal((2, 1, 1, 0), (report.GetProperty("read").GetInt32(), report.GetProperty("added").GetInt32(), report.GetProperty("skipped").GetInt32(), report.GetProperty("refused").GetInt32()));
        Assert.Equal(1, report.GetProperty("formats").GetProperty("django pbkdf2_sha256").GetInt32());
        Assert.Equal([$"role:{role}", $"role:{role}2", $"group:{role}-team", $"organization:{role} Ltd"], Texts(report.GetProperty("created")));

        var person = (await shared.PersonAsync(anna))!.Value;
        Assert.Equal((id, 71001, $"{anna}@example.com", true), (person.GetProperty("id").GetString(), person.GetProperty("number").GetInt32(), person.GetProperty("email").GetString(), person.GetProperty("email_verified").GetBoolean()));
        Assert.Equal("Müller; \"die Ältere\"", person.GetProperty("claims").GetProperty("family_name").GetString());
        Assert.StartsWith("2020-02-03T04:05:06", person.GetProperty("created_at").GetString(), StringComparison.Ordinal);
        var directory = await shared.GetAsync($"/users/{id}/directory");
        Assert.Equal([role, role + "2"], Texts(directory.GetProperty("roles")));
        Assert.Equal([role + "-team"], Texts(directory.GetProperty("groups")));
        Assert.Equal(role + " Ltd", directory.GetProperty("organization").GetProperty("name").GetString());
        Assert.Equal(id, Assert.Single((await shared.GetAsync($"/users?search=altere&user_name={anna}")).GetProperty("items").EnumerateArray()).GetProperty("id").GetString());

        Assert.True(await shared.CanSignInAsync(anna, django.Password));
        Assert.False(await shared.CanSignInAsync(anna, bcrypt.Password + "x"));
        Assert.False(await shared.CanSignInAsync(bert, bcrypt.Password));
        Assert.Equal((71002, true), ((await shared.PersonAsync(bert))!.Value.GetProperty("number").GetInt32(), (await shared.PersonAsync(bert))!.Value.GetProperty("disabled").GetBoolean()));
    }

    [Fact]
    public async Task Json_lines_are_read_as_well_with_credentials_as_objects()
    {
        var (carl, dora) = (Unique("carl"), Unique("dora"));
        var (keycloak, none) = (Known("keycloak"), "!" + Guid.NewGuid().ToString("N"));
        var file = shared.FileWith($$"""
            {"login":"{{carl}}","email":"{{carl}}@example.com","email_verified":true,"credential":{{keycloak.Hash}},"roles":[],"groups":null,"zoneinfo":"Europe/Paris"}
            {"mail":"{{dora}}@example.com","password_hash":"{{none}}","is_active":true}
            """, ".jsonl");

        var report = (await shared.RunAsync("import", "users", file, "--json")).Json();

        Assert.Equal(1, report.GetProperty("formats").GetProperty("keycloak pbkdf2-sha256").GetInt32());
        Assert.Equal(1, report.GetProperty("formats").GetProperty("none").GetInt32());
        Assert.True(await shared.CanSignInAsync(carl, keycloak.Password));
        Assert.Equal("Europe/Paris", (await shared.PersonAsync(carl))!.Value.GetProperty("claims").GetProperty("zoneinfo").GetString());
        Assert.Equal($"{dora}@example.com", (await shared.PersonAsync($"{dora}@example.com"))!.Value.GetProperty("email").GetString());
    }

    [Fact]
    public async Task A_line_that_cannot_be_taken_over_is_named_with_its_reason_and_never_with_its_hash()
    {
        var (taken, good, name) = (Unique("taken"), Unique("good"), Unique("x"));
        await shared.PostAsync("/users", $$"""{"user_name":"{{taken}}","number":72001,"email":"{{taken}}@example.com","email_verified":true}""");
        const string secret = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        string[] lines =
        [
            "id,number,user_name,email,email_verified,password_hash,disabled",
            $",,{name}1,,,pbkdf2_sha256$9000000$salt${secret}=,",
            $",,{name}2,,,$2b$31$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW,",
            $",,{name}3,,,\"$argon2id$v=19$m=4194304,t=3,p=4$c29tZXNhbHQ${secret}\",",
            $",,{name}4,,,{secret},",
            $"no-guid,,{name}5,,,,",
            $",0,{name}6,,,,",
            $",72001,{name}7,,,,",
            $",,{taken.ToUpperInvariant()},,,,",
            $",,{name}9,{taken}@EXAMPLE.com,true,,",
            $",,{name} 10,,,,",
            $",,{name}11,no address,,,",
            $",,{name}12,,,,perhaps",
            $",,{name}13,,,",
            ",,,,,,",
            $",72002,{good},{good}@example.com,true,,",
            $",72002,{name}16,,,,",
            $",,{good},,,,",
            $",,{name}18,{good}@example.com,true,,",
            $",,\"{name}19,,,,",
        ];

        var answer = await shared.RunAsync("import", "users", shared.FileWith(string.Join("\r\n", lines)), "--json");

        Assert.Equal((1, ""), (answer.Code, answer.Error));
        var report = Cli.Answer.Parse(answer.Out);
        Assert.Equal(1, report.GetProperty("added").GetInt32());
        Assert.Equal(
        [
            "2 password_hash: django pbkdf2_sha256: its number of rounds is 9000000; at most 2000000 is computed here", "3 password_hash: bcrypt: its cost is 31; at most 14 is computed here",
            "4 password_hash: argon2id: its memory in KiB is 4194304; at most 262144 is computed here", "5 password_hash: no known format begins like this", "6 id must be a Guid", "7 number must be a number from 1 to 2147483647",
            "8 there is a person with the number 72001", $"9 the user name {taken.ToUpperInvariant()} is taken", $"10 somebody else has verified the address {taken}@EXAMPLE.com",
            "11 user_name may have 1 to 256 of the characters A-Z a-z 0-9 - . _ @ +", "12 email must be one e-mail address", "13 disabled must be true or false", "14 it has 6 fields, the first line has 7",
            "15 a person needs a user name or an e-mail address", "17 the number 72002 stands in an earlier line", $"18 the user name {good} stands in an earlier line", $"19 the verified address {good}@example.com stands in an earlier line",
            "20 a field in quotes never ends",
        ], report.GetProperty("refused_lines").EnumerateArray().Select(static r => $"{r.GetProperty("line").GetInt32()} {r.GetProperty("reason").GetString()}"));
        Assert.DoesNotContain(secret, answer.Out, StringComparison.Ordinal);
        Assert.NotNull(await shared.PersonAsync(good));
        Assert.Null(await shared.PersonAsync(name + "1"));
    }

    [Fact]
    public async Task A_dry_run_says_the_same_and_writes_nothing()
    {
        var name = Unique("dry");
        var file = shared.FileWith($"user_name,roles\n{name}1,{name}-role\n{name}2,\n{name}2,\n");

        var dry = await shared.RunAsync("import", "users", file, "--dry-run", "--create-missing", "--json");
        Assert.Null(await shared.PersonAsync(name + "1"));
        Assert.Empty((await shared.GetAsync("/roles?search=" + name)).GetProperty("items").EnumerateArray());

        var wet = await shared.RunAsync("import", "users", file, "--create-missing", "--json");
        Assert.NotNull(await shared.PersonAsync(name + "1"));
        Assert.Equal(dry.Out.Replace("\"dry_run\": true", "\"dry_run\": false", StringComparison.Ordinal), wet.Out);
        Assert.Equal((1, 1), (dry.Code, wet.Code));
    }

    /// <summary>Broken off between two transactions, as by a kill: what was written stays, the next run goes on behind it.</summary>
    [Fact]
    public async Task An_import_that_was_broken_off_goes_on()
    {
        var name = Unique("many");
        var people = Enumerable.Range(1, 1200).Select(i => new PersonLine(i + 1, new ImportedPerson { UserName = $"{name}.{i}" })).ToList();
        Assert.True(shared.Server.Services.GetRequiredService<PeopleImport>().Begin(Actors.CommandLine, new PeopleImportOptions()).TryGet(out var run, out _));
        Assert.Equal(700, (await run.WriteAsync(people[..700], CancellationToken.None)).Added);

        var file = shared.FileWith("user_name\n" + string.Join('\n', people.Select(static p => p.Person!.UserName)));
        var refused = await shared.RunAsync("import", "users", file, "--dry-run", "--json");
        Assert.Equal(700, Cli.Answer.Parse(refused.Out).GetProperty("refused").GetInt32());

        var report = (await shared.RunAsync("import", "users", file, "--resume", "--json")).Json();
        Assert.Equal((500, 700, 0), (report.GetProperty("added").GetInt32(), report.GetProperty("skipped").GetInt32(), report.GetProperty("refused").GetInt32()));
        var again = (await shared.RunAsync("import", "users", file, "--resume", "--json")).Json();
        Assert.Equal((0, 1200), (again.GetProperty("added").GetInt32(), again.GetProperty("skipped").GetInt32()));
        Assert.NotNull(await shared.PersonAsync(name + ".1200"));
    }

    [Fact]
    public async Task The_trail_says_who_brought_in_how_many_from_where()
    {
        var name = Unique("traced");
        var file = shared.FileWith($"user_name\n{name}1\n{name}2\n");
        Assert.Equal(0, (await shared.RunAsync("import", "users", file)).Code);

        var entry = (await shared.GetAsync("/audit?kind=people_imported&limit=50")).GetProperty("items").EnumerateArray().First(e => e.GetProperty("detail").GetString()!.Contains(Path.GetFileName(file), StringComparison.Ordinal));
        Assert.Equal(("command line", $"2 people, lines 2 to 3 of {Path.GetFileName(file)}"), (entry.GetProperty("actor").GetString(), entry.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Whoever_lacks_a_right_brings_in_nobody()
    {
        var import = shared.Server.Services.GetRequiredService<PeopleImport>();
        foreach (var right in new[] { AdminRights.UsersWrite, AdminRights.DirectoryWrite, AdminRights.RolesWrite })
        {
            var rights = new[] { AdminRights.UsersWrite, AdminRights.DirectoryWrite, AdminRights.RolesWrite }.Where(r => r != right).ToHashSet();
            Assert.False(import.Begin(new Actor { Kind = ActorKind.Client, Id = "some", Rights = rights }, new PeopleImportOptions()).TryGet(out _, out var refusal));
            Assert.Equal(RefusalKind.Forbidden, refusal.Kind);
        }

        // With these rights only, a role that opens more is not handed on.
        var role = await shared.PostAsync("/roles", $$"""{"name":"{{Unique("keys")}}"}""");
        var keys = (await shared.GetAsync("/rights?search=keys:write")).GetProperty("items")[0].GetProperty("id").GetString();
        await shared.PutAsync($"/roles/{role.GetProperty("id").GetString()}/rights/{keys}");
        var limited = new Actor { Kind = ActorKind.Client, Id = "some", Rights = new HashSet<string> { AdminRights.UsersWrite, AdminRights.DirectoryWrite, AdminRights.RolesWrite } };
        Assert.True(import.Begin(limited, new PeopleImportOptions()).TryGet(out var run, out _));
        var imported = await run.WriteAsync([new PersonLine(2, new ImportedPerson { UserName = Unique("more"), Roles = [role.GetProperty("name").GetString()!] })], CancellationToken.None);
        Assert.Contains("holds rights that you do not have", Assert.Single(imported.Refused).Reason, StringComparison.Ordinal);
    }
}
