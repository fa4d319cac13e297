using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Hosting;

/// <summary>What may not be so in Production. The server refuses to start and says what to set.</summary>
internal static class ProductionRules
{
    public static IReadOnlyList<string> Breaches(Issuer issuer, IEnumerable<Client> clients)
    {
        var breaches = new List<string>();
        if (!issuer.IsHttps) breaches.Add($"Issuer is {issuer}: an http issuer is for Development only. Set Issuer to the public https URL, e.g. Issuer=https://login.example.com.");
        foreach (var client in clients.Where(c => c.Development && c.Enabled))
            breaches.Add($"Client {client.ClientId} is a development client. Remove it: client remove {client.ClientId}.");
        return breaches;
    }
}
