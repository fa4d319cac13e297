using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Keys;

namespace AuthServer.Engine.Tokens;

/// <summary>The <c>sub</c> a client sees (OpenID Connect Core §8): the user's id, or a name that only clients of one sector share.</summary>
public sealed class SubjectIdentifiers(KeyRing keys)
{
    public string SubjectOf(Client client, string userId)
    {
        if (!client.IsPairwise) return userId;

        var hash = HMACSHA256.HashData(keys.PairwiseSecret, Encoding.UTF8.GetBytes(SectorOf(client) + '\n' + userId));
        return Base64Url.EncodeToString(hash);
    }

    /// <summary>The host of the sector identifier, or of the redirect URIs where they share one (§8.1).</summary>
    public static string SectorOf(Client client)
    {
        if (client.SectorIdentifierUri is { } sector) return new Uri(sector).Host;
        return client.RedirectUris.Count > 0 ? new Uri(client.RedirectUris[0]).Host : client.ClientId;
    }
}
