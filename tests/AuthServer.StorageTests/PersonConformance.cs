using AuthServer.Engine.Accounts;
using AuthServer.Storage;
using AuthServer.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>What follows from a person's row: the number, and the words of the search.</summary>
public abstract class PersonConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : PersonConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : PersonConformance(TestStorage.PostgreSql);

    private static User Person(string name, int number = 0) => new() { UserName = name, NormalizedUserName = name.ToUpperInvariant(), Number = number };

    private Task<int> AddAsync(params User[] people) => Database.WithDbAsync(db =>
    {
        db.Users.AddRange(people);
        return db.SaveChangesAsync();
    });

    private Task<List<string>> WordsAsync(User person) => Database.WithDbAsync(db => db.Set<AuthServer.Storage.Tables.UserWordRow>().Where(w => w.UserId == person.Id).Select(w => w.Word).Order().ToListAsync());

    [Fact]
    public async Task Everybody_gets_the_next_number_that_nobody_has()
    {
        User[] people = [Person("a"), Person("b"), Person("c", number: 3), Person("d", number: 4), Person("e", number: 9), Person("f"), Person("g")];
        foreach (var person in people) await AddAsync(person);

        Assert.Equal([1, 2, 3, 4, 9, 5, 6], people.Select(p => p.Number));
    }

    [Fact]
    public async Task People_who_come_at_the_same_moment_get_different_numbers()
    {
        var people = Enumerable.Range(0, 40).Select(i => Person($"p{i}")).ToList();

        await Task.WhenAll(people.Select(p => Task.Run(() => AddAsync(p))));

        Assert.Equal(Enumerable.Range(1, 40), people.Select(p => p.Number).Order());
    }

    [Fact]
    public async Task A_number_is_not_given_twice()
    {
        await AddAsync(Person("a", number: 7));

        await Assert.ThrowsAsync<DbUpdateException>(() => AddAsync(Person("b", number: 7)));
    }

    [Fact]
    public async Task The_words_of_the_search_follow_the_person()
    {
        var person = Person("jose.garcia");
        person.Email = "José@Example.com";
        person.Profile = """{"name":"José García-Márquez"}""";
        await AddAsync(person);
        Assert.Equal(["COM", "EXAMPLE", "GARCIA", "JOSE", "JOSE.GARCIA", "JOSE@EXAMPLE.COM", "MARQUEZ"], await WordsAsync(person));

        await Database.WithDbAsync(async db =>
        {
            var found = await db.Users.SingleAsync(u => u.Id == person.Id);
            (found.Email, found.Profile, found.ExternalId) = (null, "{}", "hr-17");
            return await db.SaveChangesAsync();
        });

        Assert.Equal(["GARCIA", "HR-17", "JOSE", "JOSE.GARCIA"], await WordsAsync(person));
    }

    [Fact]
    public async Task People_of_an_older_schema_get_numbers_and_words()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(Database.Provider);
        await database.WithDbAsync(async db =>
        {
            await db.GetService<IMigrator>().MigrateAsync("ConfirmedEmail");
            return 0;
        });
        for (var i = 3; i > 0; i--)
            await database.ExecuteAsync($"INSERT INTO users (id, user_name, normalized_user_name, profile, created_at, updated_at, disabled, is_administrator, email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count, email_code_enabled) VALUES ('u{i}', 'name{i}', 'NAME{i}', '{{}}', {i}, 1, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, 0, FALSE)");
        await database.ExecuteAsync("INSERT INTO audit_events (at, kind) VALUES (1, 'SignedIn')");

        await database.Get<DatabaseMigration>().MigrateAsync(None);
        await database.Get<DirectoryUpkeep>().RunAsync(None);

        Assert.Equal([("u1", 1), ("u2", 2), ("u3", 3)], await database.WithDbAsync(async db => (await db.Users.OrderBy(u => u.Id).ToListAsync()).ConvertAll(u => (u.Id, u.Number))));
        Assert.Equal(3, await database.CountAsync("user_words"));
        Assert.Equal(1, await database.CountAsync("audit_events"));
    }
}
