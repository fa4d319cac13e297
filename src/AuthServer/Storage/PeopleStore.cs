using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration;
using AuthServer.Storage.Sql;
using AuthServer.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Storage;

/// <summary>
/// People for the administration; see <see cref="IPeopleStore"/>. Every list goes along an index and goes on behind the last one shown, so a page costs the same among ten people and a million:
/// those without a search by the order asked for, those with one by the words.
/// </summary>
internal sealed class PeopleStore(IServiceScopeFactory scopes, SqlAccountDeletion administrators) : IPeopleStore
{
    /// <summary>Behind every character.</summary>
    private const string Last = "\U0010FFFF";

    private sealed record Row(User User, string? Word, DateTimeOffset? LastSignedInAt);

    public async Task<IReadOnlyList<ListedPerson>> ListAsync(PeopleFilter filter, PeopleOrder order, bool down, IReadOnlyList<string>? after, int most, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        var rows = order switch { PeopleOrder.Match => Matches(db, filter, after), PeopleOrder.Member => Members(db, filter, after), _ => Sorted(db, Filtered(db, filter), order, down, after) };
        return (await rows.Take(most).ToListAsync(ct)).ConvertAll(row => new ListedPerson(Person.Of(row.User, row.LastSignedInAt), PlaceOf(row, order)));
    }

    public async Task<(IReadOnlyList<Person> People, int Total)> SliceAsync(PeopleFilter filter, int skip, int take, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        var people = Filtered(db, filter);
        foreach (var typed in UserWords.Typed(filter.Search))
        {
            var to = typed + Last;
            people = people.Where(u => db.Set<UserWordRow>().Any(w => w.UserId == u.Id && w.Word.CompareTo(typed) >= 0 && w.Word.CompareTo(to) < 0));
        }

        var total = await people.CountAsync(ct);
        if (take == 0 || skip >= total) return ([], total);
        return ((await WithLast(db, people.OrderBy(u => u.NormalizedUserName).Skip(skip).Take(take)).ToListAsync(ct)).ConvertAll(static row => Person.Of(row.User, row.LastSignedInAt)), total);
    }

    public async Task<Person?> FindAsync(string id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        return await WithLast(db, db.Users.AsNoTracking().Where(u => u.Id == id)).SingleOrDefaultAsync(ct) is { } row ? Person.Of(row.User, row.LastSignedInAt) : null;
    }

    public async Task<bool> HasNumberAsync(int number, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.Db().Users.AnyAsync(u => u.Number == number, ct);
    }

    public Task<bool> TryDisableAsync(string id, DateTimeOffset now, CancellationToken ct) => administrators.TryDisableAsync(id, now, ct);

    public Task<bool> TryTakeAdministrationAsync(string id, DateTimeOffset now, CancellationToken ct) => administrators.TryTakeAdministrationAsync(id, now, ct);

    private static IQueryable<User> Filtered(AuthDbContext db, PeopleFilter filter)
    {
        var people = db.Users.AsNoTracking();
        if (filter.Disabled is { } disabled) people = people.Where(u => u.Disabled == disabled);
        if (filter.Administrator is { } administrator) people = people.Where(u => u.IsAdministrator == administrator);
        if (filter.OrganizationId is { } organization) people = people.Where(u => u.OrganizationId == organization);
        if (filter.GroupId is { } group) people = people.Where(u => db.UserGroups.Any(l => l.GroupId == group && l.UserId == u.Id));
        if (filter.RoleId is { } role) people = people.Where(u => db.UserRoles.Any(l => l.RoleId == role && l.UserId == u.Id));
        if (filter.ExternalId is { } external) people = people.Where(u => u.ExternalId == external);
        if (DirectoryRows.Normalize(filter.UserName) is { } name) people = people.Where(u => u.NormalizedUserName == name);
        if (DirectoryRows.Normalize(filter.Email) is { } email) people = people.Where(u => u.NormalizedEmail == email);
        return people;
    }

    private static IQueryable<Row> Sorted(AuthDbContext db, IQueryable<User> people, PeopleOrder order, bool down, IReadOnlyList<string>? after)
    {
        switch (order)
        {
            case PeopleOrder.Number:
                if (after is [var place] && int.TryParse(place, out var number)) people = down ? people.Where(u => u.Number < number) : people.Where(u => u.Number > number);
                return WithLast(db, down ? people.OrderByDescending(u => u.Number) : people.OrderBy(u => u.Number));
            case PeopleOrder.CreatedAt:
                if (after is [var at, var id] && long.TryParse(at, out var ms) && ms < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
                {
                    var created = DateTimeOffset.FromUnixTimeMilliseconds(ms);
                    // The first comparison is what the index is entered by; the second one settles who was made in the same millisecond.
                    people = down
                        ? people.Where(u => u.CreatedAt <= created && (u.CreatedAt < created || u.Id.CompareTo(id) < 0))
                        : people.Where(u => u.CreatedAt >= created && (u.CreatedAt > created || u.Id.CompareTo(id) > 0));
                }

                return WithLast(db, down ? people.OrderByDescending(u => u.CreatedAt).ThenByDescending(u => u.Id) : people.OrderBy(u => u.CreatedAt).ThenBy(u => u.Id));
            default:
                if (after is [var name]) people = down ? people.Where(u => u.NormalizedUserName!.CompareTo(name) < 0) : people.Where(u => u.NormalizedUserName!.CompareTo(name) > 0);
                return WithLast(db, down ? people.OrderByDescending(u => u.NormalizedUserName) : people.OrderBy(u => u.NormalizedUserName));
        }
    }

    /// <summary>Along the index of the memberships.</summary>
    private static IQueryable<Row> Members(AuthDbContext db, PeopleFilter filter, IReadOnlyList<string>? after)
    {
        var from = after is [var place] ? place : "";
        var ids = filter.GroupId is { } group
            ? db.UserGroups.AsNoTracking().Where(l => l.GroupId == group && l.UserId.CompareTo(from) > 0).Select(l => l.UserId)
            : db.UserRoles.AsNoTracking().Where(l => l.RoleId == filter.RoleId && l.UserId.CompareTo(from) > 0).Select(l => l.UserId);
        return from id in ids
               join u in Filtered(db, filter.GroupId is null ? filter with { RoleId = null } : filter with { GroupId = null }) on id equals u.Id
               orderby id
               select new Row(u, null, db.Set<DeviceRow>().Where(d => d.UserId == u.Id).Max(d => (DateTimeOffset?)d.LastSeenAt));
    }

    /// <summary>Along the words that begin as the longest one typed; each person at the first of theirs. The other words typed are looked up per person.</summary>
    private static IQueryable<Row> Matches(AuthDbContext db, PeopleFilter filter, IReadOnlyList<string>? after)
    {
        var typed = UserWords.Typed(filter.Search).OrderByDescending(static w => w.Length).ToList();
        var (from, to) = (typed[0], typed[0] + Last);
        var words = db.Set<UserWordRow>().AsNoTracking();
        var hits = words.Where(w => w.Word.CompareTo(from) >= 0 && w.Word.CompareTo(to) < 0 && !words.Any(e => e.UserId == w.UserId && e.Word.CompareTo(from) >= 0 && e.Word.CompareTo(w.Word) < 0));
        foreach (var other in typed.Skip(1))
        {
            var end = other + Last;
            hits = hits.Where(w => words.Any(o => o.UserId == w.UserId && o.Word.CompareTo(other) >= 0 && o.Word.CompareTo(end) < 0));
        }

        if (after is [var word, var id]) hits = hits.Where(w => w.Word.CompareTo(word) >= 0 && (w.Word.CompareTo(word) > 0 || w.UserId.CompareTo(id) > 0));
        return from w in hits
               join u in Filtered(db, filter) on w.UserId equals u.Id
               orderby w.Word, w.UserId
               select new Row(u, w.Word, db.Set<DeviceRow>().Where(d => d.UserId == u.Id).Max(d => (DateTimeOffset?)d.LastSeenAt));
    }

    private static IQueryable<Row> WithLast(AuthDbContext db, IQueryable<User> people) =>
        people.Select(u => new Row(u, null, db.Set<DeviceRow>().Where(d => d.UserId == u.Id).Max(d => (DateTimeOffset?)d.LastSeenAt)));

    private static IReadOnlyList<string> PlaceOf(Row row, PeopleOrder order) => order switch
    {
        PeopleOrder.Match => [row.Word!, row.User.Id],
        PeopleOrder.Member => [row.User.Id],
        PeopleOrder.Number => [row.User.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)],
        PeopleOrder.CreatedAt => [row.User.CreatedAt.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture), row.User.Id],
        _ => [row.User.NormalizedUserName!],
    };
}
