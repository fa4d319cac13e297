using System.Collections.Frozen;
using System.Text.Json.Serialization;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Clients;

/// <summary>What a scope gives: words for the consent page, claims for UserInfo, resources for the access token's audience.</summary>
public sealed record ScopeDefinition
{
    public required string Name { get; init; }
    public string? DisplayName { get; init; }
    public string? Description { get; init; }

    /// <summary>Claims this scope releases (OpenID Connect Core §5.4).</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Resource indicators (RFC 8707) of the APIs this scope belongs to: they become <c>aud</c>.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>True: only clients that name this scope in their metadata may ask for it.</summary>
    public bool Reserved { get; init; }

    /// <summary>True: listed in discovery.</summary>
    public bool Advertised { get; init; } = true;

    /// <summary>Opens something of this server itself: the issuer is in the audience of its tokens.</summary>
    [JsonIgnore]
    public bool OfThisServer { get; init; }
}

/// <summary>Scopes that this server brings along beside those of OpenID Connect; the deployment can neither change nor remove them.</summary>
public sealed record OwnScopes(IReadOnlyList<ScopeDefinition> All)
{
    public static readonly OwnScopes None = new([]);
}

/// <summary>The scopes that exist: OpenID Connect's own and the deployment's.</summary>
public sealed class ScopeCatalog
{
    private static readonly ScopeDefinition[] Standard =
    [
        new() { Name = StandardScopes.OpenId, Claims = ["sub"] },
        new()
        {
            Name = StandardScopes.Profile,
            Claims = ["name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"],
        },
        new() { Name = StandardScopes.Email, Claims = ["email", "email_verified"] },
        new() { Name = StandardScopes.Address, Claims = ["address"] },
        new() { Name = StandardScopes.Phone, Claims = ["phone_number", "phone_number_verified"] },
        new() { Name = StandardScopes.OfflineAccess },
        new() { Name = DirectoryClaims.Roles, Claims = [DirectoryClaims.Roles] },
        new() { Name = DirectoryClaims.Groups, Claims = [DirectoryClaims.Groups] },
        new() { Name = DirectoryClaims.Permissions, Claims = [DirectoryClaims.Permissions] },
        new() { Name = DirectoryClaims.Org, Claims = [DirectoryClaims.Org, DirectoryClaims.OrgName] },
    ];

    private readonly FrozenDictionary<string, ScopeDefinition> _byName;

    public ScopeCatalog(IEnumerable<ScopeDefinition> declared, OwnScopes own)
    {
        var all = new Dictionary<string, ScopeDefinition>(StringComparer.Ordinal);
        foreach (var scope in Standard) all[scope.Name] = scope;
        foreach (var scope in declared) all[scope.Name] = scope;
        foreach (var scope in own.All) all[scope.Name] = scope;
        _byName = all.ToFrozenDictionary(StringComparer.Ordinal);
        TellsDirectoryByOtherNames = all.Values.Any(static s => !DirectoryClaims.Contains(s.Name) && s.Claims.Any(DirectoryClaims.Contains));
        All = [.. all.Values];
        BuiltIn = [.. Standard.Concat(own.All).Select(s => all[s.Name])];
    }

    public IReadOnlyList<ScopeDefinition> All { get; }

    /// <summary>A scope of the deployment releases claims of the directory.</summary>
    public bool TellsDirectoryByOtherNames { get; }

    /// <summary>OpenID Connect's and this server's own.</summary>
    public IReadOnlyList<ScopeDefinition> BuiltIn { get; }

    public ScopeDefinition? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>RFC 6749 §3.3: may this client have this scope at all?</summary>
    public bool Allows(Client client, string scope) =>
        OwnClients.Find(client.ClientId) is not null ? _byName.ContainsKey(scope) : client.Scope is { } allowed ? allowed.Contains(scope) && _byName.ContainsKey(scope) : _byName.TryGetValue(scope, out var known) && !known.Reserved;

    public bool AnyOfThisServer(ScopeSet scopes)
    {
        foreach (var scope in scopes)
            if (Find(scope) is { OfThisServer: true }) return true;
        return false;
    }

    public IEnumerable<string> ResourcesOf(ScopeSet scopes) =>
        scopes.SelectMany(s => Find(s)?.Resources ?? []).Distinct(StringComparer.Ordinal);
}
