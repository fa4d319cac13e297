using System.Data.Common;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration.Imports;
using AuthServer.Storage.Tables;
using AuthServer.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace AuthServer.StorageTests;

/// <summary>Many people at once.</summary>
public abstract class PeopleImportConformance(TestStorage provider) : Conformance(provider)
{
    public sealed class OnSqlite() : PeopleImportConformance(TestStorage.Sqlite);

    public sealed class OnPostgreSql() : PeopleImportConformance(TestStorage.PostgreSql);

    private IPeopleImportStore Store => Database.Get<IPeopleImportStore>();

    private static PersonToAdd Person(string name, int number = 0, string? email = null) => new(1, new User
    {
        UserName = name, NormalizedUserName = name.ToUpperInvariant(), Number = number, Email = email, NormalizedEmail = email?.ToUpperInvariant(), EmailConfirmed = email is not null, PasswordHash = "hash of " + name,
    }, [], []);

    private Task<List<User>> PeopleAsync() => Database.WithDbAsync(db => db.Users.AsNoTracking().OrderBy(u => u.UserName).ToListAsync());

    [Fact]
    public async Task All_of_a_batch_are_written_with_their_words_or_none()
    {
        await Assert.ThrowsAnyAsync<DbException>(() => Store.AddAsync([Person("a"), Person("b"), Person("B")], None));
        Assert.Empty(await PeopleAsync());
        Assert.Equal(0, await Database.WithDbAsync(db => db.Set<UserWordRow>().CountAsync()));

        await Store.AddAsync([Person("a", email: "a@example.com"), Person("b")], None);
        Assert.Equal([("a", 1, "hash of a"), ("b", 2, "hash of b")], (await PeopleAsync()).Select(u => (u.UserName, u.Number, u.PasswordHash)));
        Assert.Equal(["A", "A@EXAMPLE.COM", "B", "COM", "EXAMPLE"], await Database.WithDbAsync(db => db.Set<UserWordRow>().Select(w => w.Word).Distinct().OrderBy(w => w).ToListAsync()));
    }

    [Fact]
    public async Task Numbers_that_are_said_are_nobody_elses()
    {
        await Store.AddAsync([Person("a"), Person("b", 2), Person("c"), Person("d", 1), Person("e", 2147483647)], None);
        Assert.Equal([3, 2, 4, 1, 2147483647], (await PeopleAsync()).Select(u => u.Number));
    }

    [Fact]
    public async Task Memberships_come_along()
    {
        await Database.WithDbAsync(async db =>
        {
            db.Add(new RoleRow { Id = "r", Name = "r", NormalizedName = "R" });
            db.Add(new GroupRow { Id = "g", Name = "g", NormalizedName = "G" });
            return await db.SaveChangesAsync();
        });
        var person = Person("a") with { RoleIds = ["r"], GroupIds = ["g"] };
        await Store.AddAsync([person], None);
        Assert.Equal((1, 1), (await Database.WithDbAsync(db => db.UserRoles.CountAsync(l => l.UserId == person.User.Id && l.RoleId == "r")), await Database.WithDbAsync(db => db.UserGroups.CountAsync(l => l.UserId == person.User.Id && l.GroupId == "g"))));
        await Assert.ThrowsAnyAsync<DbException>(() => Store.AddAsync([Person("b") with { RoleIds = ["unknown"] }], None));
        Assert.Single(await PeopleAsync());
    }

    [Fact]
    public async Task Whoever_is_here_is_found_by_what_is_theirs()
    {
        var person = Person("a", 7, "a@example.com");
        await Store.AddAsync([person, Person("b") with { User = new User { UserName = "b", NormalizedUserName = "B", Email = "b@example.com", NormalizedEmail = "B@EXAMPLE.COM" } }], None);

        var there = await Store.FindAsync([person.User.Id, "x"], [7, 8], ["A", "X"], ["A@EXAMPLE.COM", "B@EXAMPLE.COM"], None);
        Assert.Equal([person.User.Id], there.Ids);
        Assert.Equal([7], there.Numbers);
        Assert.Equal(["A"], there.UserNames);
        // An address that nobody verified is nobody's.
        Assert.Equal(["A@EXAMPLE.COM"], there.VerifiedEmails);
        var nobody = await Store.FindAsync([], [], [], [], None);
        Assert.Equal((0, 0, 0, 0), (nobody.Ids.Count, nobody.Numbers.Count, nobody.UserNames.Count, nobody.VerifiedEmails.Count));
    }
}
