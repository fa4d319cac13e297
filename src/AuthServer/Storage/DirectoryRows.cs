using System.Diagnostics.CodeAnalysis;
using AuthServer.Engine.Directory;
using AuthServer.Storage.Tables;

namespace AuthServer.Storage;

/// <summary>Entries of the directory and their rows, and which rows a filter means.</summary>
internal static class DirectoryRows
{
    [return: NotNullIfNotNull(nameof(name))]
    public static string? Normalize(string? name) => name?.Normalize().ToUpperInvariant();

    public static IQueryable<OrganizationRow> Filtered(AuthDbContext db, IQueryable<OrganizationRow> rows, DirectoryFilter filter) => filter.UserId is { } user
        ? rows.Where(o => db.Users.Any(u => u.Id == user && u.OrganizationId == o.Id))
        : rows;

    public static IQueryable<GroupRow> Filtered(AuthDbContext db, IQueryable<GroupRow> rows, DirectoryFilter filter)
    {
        if (filter.UserId is { } user) rows = rows.Where(g => db.UserGroups.Any(l => l.UserId == user && l.GroupId == g.Id));
        if (filter.OrganizationId is { } organization) rows = rows.Where(g => g.OrganizationId == organization);
        if (filter.RoleId is { } role) rows = rows.Where(g => db.GroupRoles.Any(l => l.RoleId == role && l.GroupId == g.Id));
        return rows;
    }

    public static IQueryable<RoleRow> Filtered(AuthDbContext db, IQueryable<RoleRow> rows, DirectoryFilter filter)
    {
        if (filter.UserId is { } user) rows = rows.Where(r => db.UserRoles.Any(l => l.UserId == user && l.RoleId == r.Id));
        if (filter.GroupId is { } group) rows = rows.Where(r => db.GroupRoles.Any(l => l.GroupId == group && l.RoleId == r.Id));
        if (filter.RightId is { } right) rows = rows.Where(r => db.RoleRights.Any(l => l.RightId == right && l.RoleId == r.Id));
        return rows;
    }

    public static IQueryable<RightRow> Filtered(AuthDbContext db, IQueryable<RightRow> rows, DirectoryFilter filter) => filter.RoleId is { } role
        ? rows.Where(r => db.RoleRights.Any(l => l.RoleId == role && l.RightId == r.Id))
        : rows;

    public static IDirectoryRow Of(DirectoryEntry entry) => entry switch
    {
        Organization o => new OrganizationRow
        {
            Id = o.Id, Name = o.Name, NormalizedName = Normalize(o.Name), DisplayName = o.DisplayName, Description = o.Description, IdentityProvider = o.IdentityProvider, ExternalId = o.ExternalId,
            Version = o.Version, CreatedAt = o.CreatedAt, UpdatedAt = o.UpdatedAt,
        },
        Group g => new GroupRow
        {
            Id = g.Id, Name = g.Name, NormalizedName = Normalize(g.Name), Description = g.Description, OrganizationId = g.OrganizationId, ExternalId = g.ExternalId, Version = g.Version, CreatedAt = g.CreatedAt, UpdatedAt = g.UpdatedAt,
        },
        Role r => new RoleRow
        {
            Id = r.Id, Name = r.Name, NormalizedName = Normalize(r.Name), Description = r.Description, RequiresSecondFactor = r.RequiresSecondFactor, Version = r.Version, CreatedAt = r.CreatedAt, UpdatedAt = r.UpdatedAt,
        },
        Right r => new RightRow
        {
            Id = r.Id, Name = r.Name, NormalizedName = Normalize(r.Name), Description = r.Description, BuiltIn = r.BuiltIn, Version = r.Version, CreatedAt = r.CreatedAt, UpdatedAt = r.UpdatedAt,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(entry)),
    };

    public static Organization Read(OrganizationRow row) => new()
    {
        Id = row.Id, Name = row.Name, DisplayName = row.DisplayName, Description = row.Description, IdentityProvider = row.IdentityProvider, ExternalId = row.ExternalId, Version = row.Version, CreatedAt = row.CreatedAt, UpdatedAt = row.UpdatedAt,
    };

    public static Group Read(GroupRow row) => new()
    {
        Id = row.Id, Name = row.Name, Description = row.Description, OrganizationId = row.OrganizationId, ExternalId = row.ExternalId, Version = row.Version, CreatedAt = row.CreatedAt, UpdatedAt = row.UpdatedAt,
    };

    public static Role Read(RoleRow row) => new()
    {
        Id = row.Id, Name = row.Name, Description = row.Description, RequiresSecondFactor = row.RequiresSecondFactor, Version = row.Version, CreatedAt = row.CreatedAt, UpdatedAt = row.UpdatedAt,
    };

    public static Right Read(RightRow row) => new() { Id = row.Id, Name = row.Name, Description = row.Description, BuiltIn = row.BuiltIn, Version = row.Version, CreatedAt = row.CreatedAt, UpdatedAt = row.UpdatedAt };
}
