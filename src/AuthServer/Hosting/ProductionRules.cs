using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;

namespace AuthServer.Hosting;

/// <summary>What may not be so in Production. The server refuses to start and says what to set.</summary>
internal static class ProductionRules
{
    /// <summary>The demo clients' secrets stand in the repository, and copies of their declarations in deployments.</summary>
    public static bool IsDevelopmentSecret(string secret) => secret.StartsWith("demo-", StringComparison.Ordinal) && secret.EndsWith("-secret", StringComparison.Ordinal);

    public static IReadOnlyList<string> Breaches(Issuer issuer, IEnumerable<Client> clients)
    {
        var breaches = new List<string>();
        if (!issuer.IsHttps) breaches.Add($"Issuer is {issuer}: an http issuer is for Development only. Set Issuer to the public https URL, e.g. Issuer=https://login.example.com.");
        foreach (var client in clients.Where(c => c.Development && c.Enabled))
            breaches.Add($"Client {client.ClientId} is a development client. Remove it: client remove {client.ClientId}.");
        return breaches;
    }
}
