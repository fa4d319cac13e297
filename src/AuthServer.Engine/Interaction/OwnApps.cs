using AuthServer.Engine.Audit;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Protocol;
using AuthServer.Engine.Tokens;

namespace AuthServer.Engine.Interaction;

/// <summary>One app that can reach the account.</summary>
/// <param name="Client">Null where the app is not registered any more.</param>
/// <param name="Asked">True: the person was asked; false: whoever runs this server let it in.</param>
public sealed record OwnApp(string ClientId, Client? Client, IReadOnlyList<ScopeDefinition> Scopes, DateTimeOffset Since, DateTimeOffset? LastUsedAt, bool Asked);

/// <summary>Which apps have access, and how a person takes it back.</summary>
public sealed class OwnApps(IConsentStore consents, IGrantList grants, ClientRegistry clients, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>Those the person agreed to, and those that were let in without being asked about and hold something that still works. By name.</summary>
    public async Task<IReadOnlyList<OwnApp>> ListAsync(string userId, CancellationToken ct)
    {
        var agreed = (await consents.ListAsync(userId, ct)).ToDictionary(c => c.ClientId, StringComparer.Ordinal);
        var granted = (await grants.ListAsync(userId, clock.GetUtcNow(), ct)).Where(static g => OwnClients.Find(g.ClientId) is null).GroupBy(g => g.ClientId, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);

        var apps = new List<OwnApp>();
        foreach (var id in agreed.Keys.Union(granted.Keys, StringComparer.Ordinal))
        {
            var all = granted.GetValueOrDefault(id) ?? [];
            var standing = all.FindAll(g => g.Stands);
            var consent = agreed.GetValueOrDefault(id);
            if (consent is null && standing.Count == 0) continue;

            var scopes = standing.Aggregate(consent?.Scopes ?? ScopeSet.Empty, (sum, grant) => sum.Union(grant.Scopes));
            apps.Add(new OwnApp(
                id, clients.Find(id), [.. scopes.Select(name => clients.Scopes.Find(name) ?? new ScopeDefinition { Name = name })],
                consent?.CreatedAt ?? standing.Min(g => g.CreatedAt), all.Count == 0 ? null : all.Max(g => g.RefreshedAt ?? g.CreatedAt), consent is not null));
        }

        return [.. apps.OrderBy(a => a.Client?.DisplayName ?? a.ClientId, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>Forgets what was agreed to, and everything granted falls at once. False where there was nothing.</summary>
    public async Task<bool> TryRemoveAsync(string userId, string clientId, string? address, CancellationToken ct)
    {
        if (!await consents.TryRevokeAsync(userId, clientId, clock.GetUtcNow(), ct)) return false;
        audit.Record(new AuditEvent(AuditKind.GrantRevoked, ClientId: clientId, Subject: userId, Address: address, Detail: "by the person"));
        return true;
    }
}
