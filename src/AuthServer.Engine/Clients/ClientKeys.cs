using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using AuthServer.Engine.Jose;

namespace AuthServer.Engine.Clients;

/// <summary>Fetches a document on a client's word. There is one implementation, and it refuses private networks, redirects, long answers and slow ones.</summary>
public interface IOutboundDocuments
{
    /// <summary>Null where it could not be had; the reason is logged there.</summary>
    Task<byte[]?> GetAsync(Uri address, CancellationToken ct) => GetAsync(address, [], ct);

    /// <summary>With headers that the other side wants.</summary>
    Task<byte[]?> GetAsync(Uri address, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken ct);

    /// <summary>Sends a form and answers what came back with 200; null for everything else.</summary>
    Task<byte[]?> PostAsync(Uri address, IReadOnlyCollection<(string Name, string Value)> form, IReadOnlyCollection<(string Name, string Value)> headers, CancellationToken ct);
}

/// <summary>The public keys of clients: by value, or fetched from <c>jwks_uri</c> when first needed and again when a key id is new.</summary>
public sealed class ClientKeys(IOutboundDocuments documents, TimeProvider clock)
{
    /// <summary>A client that rotates waits at most this long; one that sends made-up key ids makes us fetch no more often (OpenID Connect Core §10.1.1).</summary>
    private static readonly TimeSpan RefetchAfter = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private readonly ConditionalWeakTable<Client, JsonWebKeySet> _byValue = [];
    private readonly ConcurrentDictionary<string, (JsonWebKeySet Keys, DateTimeOffset FetchedAt)> _fetched = new(StringComparer.Ordinal);

    /// <param name="kid">The key looked for; where the cached set lacks it, the set is fetched again.</param>
    public async ValueTask<JsonWebKeySet> FindAsync(Client client, string? kid, CancellationToken ct)
    {
        if (client.Jwks is not null) return _byValue.GetValue(client, static c => JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(c.Jwks!), out var set) ? set : JsonWebKeySet.Empty);
        if (client.JwksUri is not { } address) return JsonWebKeySet.Empty;

        var now = clock.GetUtcNow();
        if (_fetched.TryGetValue(address, out var cached))
        {
            var knows = kid is null || cached.Keys.Keys.Any(k => string.Equals(k.Kid, kid, StringComparison.Ordinal));
            if (now - cached.FetchedAt < (knows ? Fresh : RefetchAfter)) return cached.Keys;
        }

        // A set that cannot be fetched now leaves the last good one in force.
        var body = await documents.GetAsync(new Uri(address), ct);
        var keys = body is not null && JsonWebKeySet.TryParse(body, out var read) ? read : cached.Keys ?? JsonWebKeySet.Empty;
        _fetched[address] = (keys, now);
        return keys;
    }
}
