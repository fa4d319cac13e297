using System.Linq.Expressions;
using AuthServer.Engine.Accounts;
using AuthServer.Engine.Administration;
using AuthServer.Engine.Directory;
using AuthServer.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Storage;

/// <summary>See <see cref="IDirectorySearchStore"/>. Equality and beginnings of ids, names, external ids, addresses and times go along an index; what looks inside a profile reads it row by row, in the database.</summary>
internal sealed class DirectorySearchStore(IServiceScopeFactory scopes) : IDirectorySearchStore
{
    public async Task<EntrySlice<Person>> PeopleAsync(Condition condition, EntryOrder order, int skip, int take, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        var columns = People(db);
        var (rows, total) = await SliceAsync(db.Users.AsNoTracking().Where(condition.In(columns)), order, columns, u => u.Id, skip, take, ct);
        return new EntrySlice<Person>(rows.ConvertAll(static u => Person.Of(u)), total);
    }

    public async Task<EntrySlice<Group>> GroupsAsync(Condition condition, EntryOrder order, int skip, int take, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        var columns = Groups(db);
        var (rows, total) = await SliceAsync(db.Groups.AsNoTracking().Where(condition.In(columns)), order, columns, g => g.Id, skip, take, ct);
        return new EntrySlice<Group>(rows.ConvertAll(DirectoryRows.Read), total);
    }

    public async Task<IReadOnlyList<GroupMember>> MembersAsync(IReadOnlyCollection<string> groupIds, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await Members(scope.Db(), l => groupIds.Contains(l.GroupId)).ToListAsync(ct);
    }

    public async Task<IReadOnlyList<GroupMember>> GroupsOfAsync(IReadOnlyCollection<string> userIds, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await Members(scope.Db(), l => userIds.Contains(l.UserId)).ToListAsync(ct);
    }

    private static IQueryable<GroupMember> Members(AuthDbContext db, Expression<Func<UserGroupRow, bool>> which) =>
        from link in db.UserGroups.AsNoTracking().Where(which)
        join user in db.Users on link.UserId equals user.Id
        join @group in db.Groups on link.GroupId equals @group.Id
        orderby link.GroupId, link.UserId
        select new GroupMember(link.GroupId, @group.Name, link.UserId, user.UserName!);

    private static async Task<(List<TRow> Rows, int Total)> SliceAsync<TRow>(
        IQueryable<TRow> rows, EntryOrder order, ConditionColumns<TRow> columns, Expression<Func<TRow, string>> id, int skip, int take, CancellationToken ct)
    {
        var total = await rows.CountAsync(ct);
        return (take == 0 || skip >= total ? [] : await rows.Sorted(order, columns, id).Skip(skip).Take(take).ToListAsync(ct), total);
    }

    private static ConditionColumns<User> People(AuthDbContext db) => new(
        new Dictionary<EntryField, TextColumn<User>>
        {
            [EntryField.Id] = (Expression<Func<User, string?>>)(static u => u.Id),
            [EntryField.Name] = new(static u => u.NormalizedUserName, DirectoryRows.Normalize!),
            [EntryField.ExternalId] = (Expression<Func<User, string?>>)(static u => u.ExternalId),
            [EntryField.Email] = new(static u => u.NormalizedEmail, DirectoryRows.Normalize!),
            [EntryField.PhoneNumber] = (Expression<Func<User, string?>>)(static u => u.PhoneNumber),
            [EntryField.FullName] = new(static u => ProfileClaim.InCapitals(u.Profile, "name"), Capitals),
            [EntryField.GivenName] = new(static u => ProfileClaim.InCapitals(u.Profile, "given_name"), Capitals),
            [EntryField.MiddleName] = new(static u => ProfileClaim.InCapitals(u.Profile, "middle_name"), Capitals),
            [EntryField.FamilyName] = new(static u => ProfileClaim.InCapitals(u.Profile, "family_name"), Capitals),
            [EntryField.Nickname] = new(static u => ProfileClaim.InCapitals(u.Profile, "nickname"), Capitals),
            [EntryField.Profile] = new(static u => ProfileClaim.InCapitals(u.Profile, "profile"), Capitals),
            [EntryField.Locale] = new(static u => ProfileClaim.InCapitals(u.Profile, "locale"), Capitals),
            [EntryField.ZoneInfo] = new(static u => ProfileClaim.InCapitals(u.Profile, "zoneinfo"), Capitals),
        },
        new Dictionary<EntryField, Expression<Func<User, DateTimeOffset>>> { [EntryField.CreatedAt] = static u => u.CreatedAt, [EntryField.UpdatedAt] = static u => u.UpdatedAt },
        static u => u.Disabled,
        id => id is null ? u => db.UserGroups.Any(l => l.UserId == u.Id) : u => db.UserGroups.Any(l => l.UserId == u.Id && l.GroupId == id));

    private static ConditionColumns<GroupRow> Groups(AuthDbContext db) => new(
        new Dictionary<EntryField, TextColumn<GroupRow>>
        {
            [EntryField.Id] = (Expression<Func<GroupRow, string?>>)(static g => g.Id),
            [EntryField.Name] = new(static g => g.NormalizedName, DirectoryRows.Normalize!),
            [EntryField.ExternalId] = (Expression<Func<GroupRow, string?>>)(static g => g.ExternalId),
        },
        new Dictionary<EntryField, Expression<Func<GroupRow, DateTimeOffset>>> { [EntryField.CreatedAt] = static g => g.CreatedAt, [EntryField.UpdatedAt] = static g => g.UpdatedAt },
        null,
        id => id is null ? g => db.UserGroups.Any(l => l.GroupId == g.Id) : g => db.UserGroups.Any(l => l.GroupId == g.Id && l.UserId == id));

    /// <summary>As <c>upper</c> does in both databases: of A to Z only.</summary>
    private static string Capitals(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = char.IsAsciiLetterLower(source[i]) ? (char)(source[i] - 32) : source[i];
    });
}
