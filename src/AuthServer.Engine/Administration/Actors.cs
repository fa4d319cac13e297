using AuthServer.Engine.ApiKeys;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Sessions;
using AuthServer.Engine.Tokens;

namespace AuthServer.Engine.Administration;

/// <summary>Makes the <see cref="Actor"/> of a request, from the session of a page or from a token.</summary>
public sealed class Actors(IDirectoryStore directory)
{
    public static Actor CommandLine { get; } = new() { Kind = ActorKind.CommandLine, Id = "", Name = "command line", IsAdministrator = true, Rights = new HashSet<string>(StringComparer.Ordinal) };

    public async Task<Actor> OfSessionAsync(CurrentSession current, string? address, CancellationToken ct) => new()
    {
        Kind = ActorKind.User,
        Id = current.Session.UserId,
        Name = current.UserName,
        IsAdministrator = current.IsAdministrator,
        Rights = current.IsAdministrator ? Everything : await RightsOfAsync(current.Session.UserId, ct),
        Address = address,
    };

    /// <summary>A person with all they may do: for the compatibility APIs, which know no scopes.</summary>
    public async Task<Actor> OfUserAsync(GrantUser user, string? address, CancellationToken ct) => new()
    {
        Kind = ActorKind.User, Id = user.Id, Name = user.UserName, IsAdministrator = user.IsAdministrator, Rights = user.IsAdministrator ? Everything : await RightsOfAsync(user.Id, ct), Address = address,
    };

    /// <summary>A user's token may do what its scopes name and the user may; a client's own token what its scopes name, because they are reserved to clients that were given them.</summary>
    /// <remarks>Never an administrator: a token is for what its scopes say, not for everything its user could do.</remarks>
    public async Task<Actor> OfTokenAsync(VerifiedAccessToken token, string? address, CancellationToken ct)
    {
        var scopes = token.Scopes.Where(AdminRights.Contains).ToHashSet(StringComparer.Ordinal);
        if (token.Standing?.Grant.Details.Subject is { } subject && subject.StartsWith(ApiKeyOwner.OrganizationSubject, StringComparison.Ordinal))
            return new Actor { Kind = ActorKind.Organization, Id = subject[ApiKeyOwner.OrganizationSubject.Length..], Rights = scopes, Address = address };
        if (token.Standing?.User is not { } user) return new Actor { Kind = ActorKind.Client, Id = token.Client.ClientId, Name = token.Client.DisplayName, Rights = scopes, Address = address };

        var rights = user.IsAdministrator ? Everything : user.Directory is { } place ? Rights(place) : await RightsOfAsync(user.Id, ct);
        var own = new Actor { Kind = ActorKind.User, Id = user.Id, Rights = rights, IsAdministrator = user.IsAdministrator };
        return new Actor
        {
            Kind = ActorKind.User,
            Id = user.Id,
            Name = user.UserName,
            Rights = scopes.Where(own.May).ToHashSet(StringComparer.Ordinal),
            IsAdministrator = user.IsAdministrator && Everything.IsSubsetOf(scopes),
            Address = address,
        };
    }

    private static readonly HashSet<string> Everything = AdminRights.All.Select(static r => r.Name).ToHashSet(StringComparer.Ordinal);

    private async Task<IReadOnlySet<string>> RightsOfAsync(string userId, CancellationToken ct) => Rights(await directory.ReadAsync(userId, ct));

    private static HashSet<string> Rights(UserDirectory place) => place.Permissions.Where(AdminRights.Contains).ToHashSet(StringComparer.Ordinal);
}
