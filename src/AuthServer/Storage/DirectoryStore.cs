using AuthServer.Engine.Directory;
using AuthServer.Storage.Sql;
using AuthServer.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Storage;

/// <summary>The directory; see <see cref="IDirectoryStore"/>. People wait for most of it, so EF Core serves; what tokens need is constant SQL in <see cref="SqlUserDirectory"/>.</summary>
internal sealed class DirectoryStore(IServiceScopeFactory scopes, SqlUserDirectory sql) : IDirectoryStore
{
    public Task<UserDirectory> ReadAsync(string userId, CancellationToken ct) => sql.ReadAsync(userId, ct);

    public Task<PersonPower?> PowerOfAsync(string userId, CancellationToken ct) => sql.PowerOfAsync(userId, ct);

    public Task<bool> RequiresSecondFactorAsync(string userId, CancellationToken ct) => sql.RequiresSecondFactorAsync(userId, ct);

    public Task<IReadOnlyList<string>> RightsOfRoleAsync(string roleId, CancellationToken ct) => sql.RightsOfRoleAsync(roleId, ct);

    public Task<IReadOnlyList<string>> RightsOfGroupAsync(string groupId, CancellationToken ct) => sql.RightsOfGroupAsync(groupId, ct);

    public Task<bool?> TrySetOrganizationAsync(string userId, string? organizationId, CancellationToken ct) => sql.TrySetOrganizationAsync(userId, organizationId, ct);

    public async Task<IReadOnlyList<T>> ListAsync<T>(DirectoryFilter filter, string? afterName, int most, CancellationToken ct) where T : DirectoryEntry
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        return (IReadOnlyList<T>)(object)(typeof(T).Name switch
        {
            nameof(Organization) => (await Page(DirectoryRows.Filtered(db, db.Organizations.AsNoTracking(), filter), filter, afterName, most).ToListAsync(ct)).ConvertAll(DirectoryRows.Read),
            nameof(Group) => (await Page(DirectoryRows.Filtered(db, db.Groups.AsNoTracking(), filter), filter, afterName, most).ToListAsync(ct)).ConvertAll(DirectoryRows.Read),
            nameof(Role) => (await Page(DirectoryRows.Filtered(db, db.Roles.AsNoTracking(), filter), filter, afterName, most).ToListAsync(ct)).ConvertAll(DirectoryRows.Read),
            _ => (object)(await Page(DirectoryRows.Filtered(db, db.Rights.AsNoTracking(), filter), filter, afterName, most).ToListAsync(ct)).ConvertAll(DirectoryRows.Read),
        });
    }

    /// <summary>By the name in capitals; a beginning is a range of it, which every database answers from its index.</summary>
    private static IQueryable<TRow> Page<TRow>(IQueryable<TRow> rows, DirectoryFilter filter, string? afterName, int most) where TRow : class, IDirectoryRow
    {
        if (DirectoryRows.Normalize(filter.Search?.Trim()) is { Length: > 0 } from)
        {
            var to = from + char.MaxValue;
            rows = rows.Where(r => r.NormalizedName.CompareTo(from) >= 0 && r.NormalizedName.CompareTo(to) < 0);
        }

        if (afterName is not null) rows = rows.Where(r => r.NormalizedName.CompareTo(afterName) > 0);
        return rows.OrderBy(r => r.NormalizedName).Take(most);
    }

    public Task<T?> FindAsync<T>(string id, CancellationToken ct) where T : DirectoryEntry => FirstAsync<T>(r => r.Id == id, r => r.Id == id, r => r.Id == id, r => r.Id == id, ct);

    public Task<T?> FindByNameAsync<T>(string name, CancellationToken ct) where T : DirectoryEntry
    {
        var normalized = DirectoryRows.Normalize(name.Trim());
        return FirstAsync<T>(r => r.NormalizedName == normalized, r => r.NormalizedName == normalized, r => r.NormalizedName == normalized, r => r.NormalizedName == normalized, ct);
    }

    private async Task<T?> FirstAsync<T>(
        System.Linq.Expressions.Expression<Func<OrganizationRow, bool>> organization, System.Linq.Expressions.Expression<Func<GroupRow, bool>> group,
        System.Linq.Expressions.Expression<Func<RoleRow, bool>> role, System.Linq.Expressions.Expression<Func<RightRow, bool>> right, CancellationToken ct) where T : DirectoryEntry
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        return (T?)(object?)(typeof(T).Name switch
        {
            nameof(Organization) => await db.Organizations.AsNoTracking().SingleOrDefaultAsync(organization, ct) is { } row ? DirectoryRows.Read(row) : null,
            nameof(Group) => await db.Groups.AsNoTracking().SingleOrDefaultAsync(group, ct) is { } row ? DirectoryRows.Read(row) : null,
            nameof(Role) => await db.Roles.AsNoTracking().SingleOrDefaultAsync(role, ct) is { } row ? DirectoryRows.Read(row) : null,
            _ => (object?)(await db.Rights.AsNoTracking().SingleOrDefaultAsync(right, ct) is { } row ? DirectoryRows.Read(row) : null),
        });
    }

    public async Task<EntryWrite> TryAddAsync<T>(T entry, CancellationToken ct) where T : DirectoryEntry
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        db.Add(DirectoryRows.Of(entry));
        return await SaveAsync(db, entry, ct);
    }

    public async Task<EntryWrite> TryUpdateAsync<T>(T entry, CancellationToken ct) where T : DirectoryEntry
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        var row = DirectoryRows.Of(entry);
        var tracked = db.Update(row);
        // The row must still have the version that was read; it gets the next one.
        tracked.Property(nameof(IDirectoryRow.Version)).OriginalValue = entry.Version;
        row.Version = entry.Version + 1;
        tracked.Property(nameof(IDirectoryRow.CreatedAt)).IsModified = false;
        return await SaveAsync(db, entry, ct);
    }

    private async Task<EntryWrite> SaveAsync<T>(AuthDbContext db, T entry, CancellationToken ct) where T : DirectoryEntry
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return EntryWrite.Done;
        }
        catch (DbUpdateConcurrencyException)
        {
            return await FindAsync<T>(entry.Id, ct) is null ? EntryWrite.Gone : EntryWrite.Stale;
        }
        catch (DbUpdateException)
        {
            if (await FindByNameAsync<T>(entry.Name, ct) is { } other && other.Id != entry.Id) return EntryWrite.NameTaken;
            throw;
        }
    }

    public async Task<EntryWrite> TryRemoveAsync<T>(string id, long? version, CancellationToken ct) where T : DirectoryEntry
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.Db();
        var gone = typeof(T).Name switch
        {
            nameof(Organization) => await db.Organizations.Where(r => r.Id == id && (version == null || r.Version == version)).ExecuteDeleteAsync(ct),
            nameof(Group) => await db.Groups.Where(r => r.Id == id && (version == null || r.Version == version)).ExecuteDeleteAsync(ct),
            nameof(Role) => await db.Roles.Where(r => r.Id == id && (version == null || r.Version == version)).ExecuteDeleteAsync(ct),
            _ => await db.Rights.Where(r => r.Id == id && !r.BuiltIn && (version == null || r.Version == version)).ExecuteDeleteAsync(ct),
        };
        return gone == 1 ? EntryWrite.Done : await FindAsync<T>(id, ct) is null ? EntryWrite.Gone : EntryWrite.Stale;
    }

    public Task<bool?> TryLinkAsync(DirectoryLink link, string leftId, string rightId, CancellationToken ct) => sql.TryLinkAsync(link, leftId, rightId, ct);

    public Task<bool> TryUnlinkAsync(DirectoryLink link, string leftId, string rightId, CancellationToken ct) => sql.TryUnlinkAsync(link, leftId, rightId, ct);
}
