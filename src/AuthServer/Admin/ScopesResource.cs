using System.Text.Json;
using AuthServer.Engine.Administration;

namespace AuthServer.Admin;

/// <summary><c>/scopes</c>, and <c>/resources</c>: the APIs that scopes and clients name (RFC 8707).</summary>
internal sealed class ScopesResource : IAdminResource
{
    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet("/scopes", ListAsync).Needs(AdminRights.ClientsRead).Paged("name")
            .Query("search", "Found in the name or the description.").Query("resource", "A resource indicator.").Query("built_in", "true: only the server's own; false: only the deployment's.").Produces<PageAnswer<ScopeAnswer>>();
        admin.MapPost("/scopes", CreateAsync).Needs(AdminRights.ClientsWrite).Accepts<ScopeBody>("application/json").Produces<ScopeAnswer>(StatusCodes.Status201Created);
        admin.MapGet("/scopes/{name}", FindAsync).Needs(AdminRights.ClientsRead).Produces<ScopeAnswer>();
        admin.MapPatch("/scopes/{name}", UpdateAsync).Needs(AdminRights.ClientsWrite).Accepts<ScopeBody>("application/json", "application/merge-patch+json").Produces<ScopeAnswer>();
        admin.MapDelete("/scopes/{name}", RemoveAsync).Needs(AdminRights.ClientsWrite).Produces(StatusCodes.Status204NoContent);
        admin.MapGet("/resources", ResourcesAsync).Needs(AdminRights.ClientsRead).Produces<PageAnswer<KnownResource>>();
    }

    private static async Task<IResult> ListAsync(HttpContext http, ScopeAdministration scopes)
    {
        var query = http.Request.Query;
        if (!Truth.TryRead(query["built_in"], "built_in", out var builtIn, out var fault)) return fault;
        var filter = new ScopeFilter { Search = query["search"], Resource = query["resource"] is [{ Length: > 0 } resource] ? resource : null, BuiltIn = builtIn };
        return AdminAnswers.Of(await scopes.ListAsync(http.Actor(), filter, http.PageRequest(), http.RequestAborted), static page => AdminAnswers.Page(page, ScopeAnswer.Of));
    }

    private static async Task<IResult> ResourcesAsync(HttpContext http, ScopeAdministration scopes) =>
        AdminAnswers.Of(await scopes.ResourcesAsync(http.Actor(), http.RequestAborted), static all => AdminAnswers.Page(new Page<KnownResource>(all, null), static r => r));

    private static async Task<IResult> FindAsync(HttpContext http, string name, ScopeAdministration scopes) =>
        AdminAnswers.Of(await scopes.FindAsync(http.Actor(), PathValue.Read(name), http.RequestAborted), Ok);

    private static async Task<IResult> CreateAsync(HttpContext http, ScopeAdministration scopes)
    {
        var (body, fault) = await http.ReadBodyAsync<JsonDocument>(http.RequestAborted);
        if (body is null) return fault!;
        using (body)
            return AdminAnswers.Of(await scopes.CreateAsync(http.Actor(), body.RootElement, http.RequestAborted), static s => AdminAnswers.Created("/scopes/" + Uri.EscapeDataString(s.Scope.Name), ScopeAnswer.Of(s), s.Version));
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, string name, ScopeAdministration scopes)
    {
        var (body, fault) = await http.ReadBodyAsync<JsonDocument>(http.RequestAborted);
        if (body is null) return fault!;
        using (body)
            return AdminAnswers.Of(await scopes.UpdateAsync(http.Actor(), PathValue.Read(name), body.RootElement, http.IfMatchNumber(), http.RequestAborted), Ok);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, string name, ScopeAdministration scopes) =>
        AdminAnswers.Of(await scopes.RemoveAsync(http.Actor(), PathValue.Read(name), http.IfMatchNumber(), http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static IResult Ok(RegisteredScope scope) => AdminAnswers.Ok(ScopeAnswer.Of(scope), scope.Version);
}

/// <summary>What a scope can be given.</summary>
internal sealed record ScopeBody
{
    public string? Name { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public IReadOnlyList<string>? Claims { get; init; }
    public IReadOnlyList<string>? Resources { get; init; }
    public bool? Reserved { get; init; }
    public bool? Advertised { get; init; }
}

/// <summary>A scope on the wire.</summary>
internal sealed record ScopeAnswer
{
    public required string Name { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }
    public required IReadOnlyList<string> Claims { get; init; }
    public required IReadOnlyList<string> Resources { get; init; }
    public required bool Reserved { get; init; }
    public required bool Advertised { get; init; }

    /// <summary>True: the server's own; it cannot be changed.</summary>
    public required bool BuiltIn { get; init; }
    public required long Version { get; init; }

    public static ScopeAnswer Of(RegisteredScope scope) => new()
    {
        Name = scope.Scope.Name, DisplayName = scope.Scope.DisplayName, Description = scope.Scope.Description, Claims = scope.Scope.Claims, Resources = scope.Scope.Resources,
        Reserved = scope.Scope.Reserved, Advertised = scope.Scope.Advertised, BuiltIn = scope.BuiltIn, Version = scope.Version,
    };
}
