using System.Text.Json;
using AuthServer.Engine.Directory;

namespace AuthServer.Admin;

internal sealed record OrganizationAnswer(
    string Id, string Name, string? DisplayName, string? Description, JsonElement? IdentityProvider, string? ExternalId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version)
{
    public static OrganizationAnswer Of(Organization o) => new(
        o.Id, o.Name, o.DisplayName, o.Description, o.IdentityProvider is null ? null : JsonSerializer.Deserialize<JsonElement>(o.IdentityProvider), o.ExternalId, o.CreatedAt, o.UpdatedAt, o.Version);
}

internal sealed record GroupAnswer(string Id, string Name, string? Description, string? OrganizationId, string? ExternalId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version)
{
    public static GroupAnswer Of(Group g) => new(g.Id, g.Name, g.Description, g.OrganizationId, g.ExternalId, g.CreatedAt, g.UpdatedAt, g.Version);
}

internal sealed record RoleAnswer(string Id, string Name, string? Description, bool RequiresSecondFactor, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version)
{
    public static RoleAnswer Of(Role r) => new(r.Id, r.Name, r.Description, r.RequiresSecondFactor, r.CreatedAt, r.UpdatedAt, r.Version);
}

internal sealed record RightAnswer(string Id, string Name, string? Description, bool BuiltIn, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version)
{
    public static RightAnswer Of(Right r) => new(r.Id, r.Name, r.Description, r.BuiltIn, r.CreatedAt, r.UpdatedAt, r.Version);
}
