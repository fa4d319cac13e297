using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Directory;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Tokens;

/// <summary>
/// Which client is told what of a person's place in the directory: by scope, or by the client's own setting. The same in access tokens (RFC 9068 §2.2.3.1), ID tokens,
/// UserInfo and introspection; the latter two say how it stands at that moment.
/// </summary>
public sealed class DirectoryRelease(ClientRegistry clients)
{
    /// <summary>Whether the directory must be read though no scope of the grant bears one of its names; the store sees those itself.</summary>
    /// <param name="client">Null where it is not known yet.</param>
    public bool BeyondScopes(Client? client) => clients.Scopes.TellsDirectoryByOtherNames || (client is null ? clients.TellsDirectoryUnasked : client.DirectoryClaims.Count > 0);

    /// <summary>Whether this client is told anything at all.</summary>
    public bool IsWanted(Client client, ScopeSet scopes) => client.DirectoryClaims.Count > 0 || DirectoryClaims.All.Any(claim => Tells(client, scopes, claim));

    /// <summary>Lists are written even when they are empty: no role is an answer too. An organization that is not there is left out.</summary>
    public void Write(Utf8JsonWriter json, Client client, ScopeSet scopes, UserDirectory? directory)
    {
        if (directory is null) return;
        WriteList(json, client, scopes, DirectoryClaims.Roles, directory.Roles);
        WriteList(json, client, scopes, DirectoryClaims.Groups, directory.Groups);
        WriteList(json, client, scopes, DirectoryClaims.Permissions, directory.Permissions);
        if (directory.OrganizationId is null || !Tells(client, scopes, DirectoryClaims.Org)) return;
        json.WriteString(DirectoryClaims.Org, directory.OrganizationId);
        json.WriteString(DirectoryClaims.OrgName, directory.OrganizationName);
    }

    private void WriteList(Utf8JsonWriter json, Client client, ScopeSet scopes, string claim, IReadOnlyList<string> names)
    {
        if (!Tells(client, scopes, claim)) return;
        json.WriteStartArray(claim);
        foreach (var name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private bool Tells(Client client, ScopeSet scopes, string claim)
    {
        if (client.DirectoryClaims.Contains(claim, StringComparer.Ordinal)) return true;
        foreach (var scope in scopes)
            if (clients.Scopes.Find(scope) is { } known && known.Claims.Contains(claim, StringComparer.Ordinal)) return true;
        return false;
    }
}
