using AuthServer.Engine.Administration;
using AuthServer.Engine.ApiKeys;

namespace AuthServer.Admin;

/// <summary><c>/api-keys</c>: keys of machines and personal access tokens. Deleting one revokes it; it stays listed for thirty days.</summary>
internal sealed class ApiKeysResource : IAdminResource
{
    private const string Path = "/api-keys";
    private const string One = Path + "/{id}";

    public void Map(RouteGroupBuilder admin)
    {
        admin.MapGet(Path, ListAsync).Needs(AdminRights.ApiKeysRead).WithName("list_api_keys").WithSummary("List API keys").Produces<PageAnswer<ApiKeyAnswer>>().Paged()
            .Query("user_id", "Keys of this person.").Query("client_id", "Keys of this client.").Query("organization_id", "Keys of this organization.")
            .Query("kind", "machine or personal.").Query("active", "true: those that can be used; false: those that cannot any more.");
        admin.MapPost(Path, CreateAsync).Needs(AdminRights.ApiKeysWrite).WithName("create_api_key").WithSummary("Create an API key").Accepts<NewApiKeyBody>("application/json").Produces<CreatedApiKeyAnswer>(StatusCodes.Status201Created);
        admin.MapGet(One, FindAsync).Needs(AdminRights.ApiKeysRead).WithName("read_api_key").WithSummary("Read an API key").Produces<ApiKeyAnswer>();
        admin.MapPatch(One, UpdateAsync).Needs(AdminRights.ApiKeysWrite).WithName("change_api_key").WithSummary("Change an API key").Accepts<ApiKeyBody>("application/json", "application/merge-patch+json").Produces<ApiKeyAnswer>();
        admin.MapDelete(One, RevokeAsync).Needs(AdminRights.ApiKeysWrite).WithName("revoke_api_key").WithSummary("Revoke an API key").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, ApiKeyAdministration keys, TimeProvider clock)
    {
        if (!Truth.TryRead(http.Query("active"), "active", out var active, out var fault)) return fault;
        if (!TryReadKind(http.Query("kind"), out var kind)) return AdminAnswers.Of(Refusal.Invalid(new Objection("kind", "unknown", "machine or personal.")));
        List<ApiKeyOwner> owners = [];
        foreach (var (name, of) in new[] { ("user_id", ApiKeyOwnerKind.User), ("client_id", ApiKeyOwnerKind.Client), ("organization_id", ApiKeyOwnerKind.Organization) })
            if (http.Query(name) is { } id) owners.Add(new ApiKeyOwner(of, id));
        if (owners.Count > 1) return AdminAnswers.Of(Refusal.Invalid(new Objection("user_id", "not_allowed", "A key belongs to one owner: name a person, a client or an organization.")));
        return AdminAnswers.Of(await keys.ListAsync(http.Actor(), new ApiKeyFilter(owners.FirstOrDefault(), kind, active), http.PageRequest(), http.RequestAborted), page => AdminAnswers.Page(page, k => ApiKeyAnswer.Of(k, clock.GetUtcNow())));
    }

    private static async Task<IResult> FindAsync(HttpContext http, string id, ApiKeyAdministration keys, TimeProvider clock) =>
        AdminAnswers.Of(await keys.FindAsync(http.Actor(), id, http.RequestAborted), k => Answer(k, clock));

    private static async Task<IResult> CreateAsync(HttpContext http, ApiKeyAdministration keys, TimeProvider clock)
    {
        var (body, fault) = await http.ReadBodyAsync<NewApiKeyBody>(http.RequestAborted);
        if (body is null) return fault!;
        return AdminAnswers.Of(await keys.CreateAsync(http.Actor(), body.Form(), http.RequestAborted), made =>
            AdminAnswers.Created($"{Path}/{made.Listed.Key.Id}", new CreatedApiKeyAnswer(made.Key, ApiKeyAnswer.Of(made.Listed, clock.GetUtcNow())), made.Listed.Key.Version));
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, string id, ApiKeyAdministration keys, TimeProvider clock)
    {
        var (body, fault) = await http.ReadBodyAsync<ApiKeyBody>(http.RequestAborted);
        if (body is null) return fault!;
        return AdminAnswers.Of(await keys.UpdateAsync(http.Actor(), id, body.Form(), http.IfMatchNumber(), http.RequestAborted), k => Answer(k, clock));
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, string id, ApiKeyAdministration keys) =>
        AdminAnswers.Of(await keys.RevokeAsync(http.Actor(), id, http.IfMatchNumber(), http.RequestAborted), static _ => AdminAnswers.NoContent);

    private static IResult Answer(ListedApiKey listed, TimeProvider clock) => AdminAnswers.Ok(ApiKeyAnswer.Of(listed, clock.GetUtcNow()), listed.Key.Version);

    private static bool TryReadKind(string? text, out ApiKeyKind? kind)
    {
        kind = text switch { "machine" => ApiKeyKind.Machine, "personal" => ApiKeyKind.Personal, _ => null };
        return kind is not null || text is null;
    }
}

/// <summary>An API key, without the key.</summary>
/// <param name="Kind"><c>machine</c> (it begins with <c>ask_</c>) or <c>personal</c> (<c>pat_</c>).</param>
/// <param name="OwnerName">Of the person or the organization.</param>
/// <param name="Start">The first characters of the key.</param>
/// <param name="AllowedAddresses">Where it may be used from; empty: from everywhere.</param>
/// <param name="RatePerHour">Requests per hour; null: the server's own limit.</param>
/// <param name="State"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="LastUsedAt">To the minute.</param>
internal sealed record ApiKeyAnswer(
    string Id, ApiKeyKind Kind, string? UserId, string? ClientId, string? OrganizationId, string? OwnerName, string Name, string Start, IReadOnlyList<string> Scopes, IReadOnlyList<string> AllowedAddresses,
    int? RatePerHour, string State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt, string? LastUsedAddress, long Version)
{
    public static ApiKeyAnswer Of(ListedApiKey listed, DateTimeOffset now)
    {
        var k = listed.Key;
        return new(k.Id, k.Kind, k.Owner.UserId, k.Owner.ClientId, k.Owner.OrganizationId, listed.OwnerName, k.Name, k.Start, [.. k.Scopes], k.AllowedAddresses,
            k.RatePerHour, listed.StateAt(now), k.CreatedAt, k.ExpiresAt, k.RevokedAt, k.LastUsedAt, k.LastUsedAddress, k.Version);
    }
}

/// <param name="Key">The key itself; it is never shown again.</param>
internal sealed record CreatedApiKeyAnswer(string Key, ApiKeyAnswer ApiKey);

/// <summary>What to change of an API key.</summary>
internal record ApiKeyBody
{
    public string? Name { get; init; }
    public IReadOnlyList<string>? Scopes { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Addresses and networks, as <c>192.0.2.0/24</c>; null or empty: from everywhere.</summary>
    public IReadOnlyList<string>? AllowedAddresses { get; init; } = LeftOut;

    /// <summary>Requests per hour; null: the server's own limit.</summary>
    public int? RatePerHour { get; init; } = LeftOutRate;

    private static readonly string[] LeftOut = ["left out"];
    private const int LeftOutRate = int.MinValue;

    public virtual ApiKeyForm Form() => new()
    {
        Name = Name,
        Scopes = Scopes,
        ExpiresAt = ExpiresAt,
        AllowedAddresses = ReferenceEquals(AllowedAddresses, LeftOut) ? null : AllowedAddresses ?? [],
        RatePerHour = RatePerHour switch { LeftOutRate => null, null => 0, 0 => -1, var rate => rate },
    };
}

/// <summary>An API key to make. Whose it is: one of <c>user_id</c>, <c>client_id</c>, <c>organization_id</c>.</summary>
internal sealed record NewApiKeyBody : ApiKeyBody
{
    /// <summary>Left out: a person's is personal, every other a machine's.</summary>
    public ApiKeyKind? Kind { get; init; }
    public string? UserId { get; init; }
    public string? ClientId { get; init; }
    public string? OrganizationId { get; init; }

    public override ApiKeyForm Form() => base.Form() with { Kind = Kind, UserId = UserId, ClientId = ClientId, OrganizationId = OrganizationId };
}
