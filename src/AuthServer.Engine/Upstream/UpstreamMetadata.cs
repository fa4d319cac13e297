using System.Collections.Concurrent;
using System.Text.Json;
using AuthServer.Engine.Clients;
using AuthServer.Engine.Jose;

namespace AuthServer.Engine.Upstream;

/// <summary>Where a provider's endpoints are (OpenID Connect Discovery §3).</summary>
public sealed record UpstreamMetadata
{
    /// <summary>Stands in Microsoft's issuer for the directories that share one address.</summary>
    internal const string Directory = "{tenantid}";

    /// <summary>What an ID token's <c>iss</c> has to be.</summary>
    public required string Issuer { get; init; }
    public required Uri AuthorizationEndpoint { get; init; }
    public required Uri TokenEndpoint { get; init; }
    public Uri? UserInfoEndpoint { get; init; }
    public Uri? JwksUri { get; init; }

    /// <summary>Send the secret in the body: the provider does not take it in the header (<c>client_secret_basic</c>, the default of RFC 8414 §2).</summary>
    public bool SecretInBody { get; init; }

    /// <summary>RFC 9207: every answer carries <c>iss</c>.</summary>
    public bool SendsIssuer { get; init; }

    /// <summary>Never a symmetric one: those keys would be our secret.</summary>
    public IReadOnlyList<SignatureAlgorithm> SigningAlgorithms { get; init; } = [SignatureAlgorithm.RS256];
}

/// <summary>Reads what providers publish, and remembers it for a while.</summary>
public sealed class UpstreamDiscovery(IOutboundDocuments documents, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan RefetchKeysAfter = TimeSpan.FromSeconds(60);

    /// <summary>What cannot be fetched leaves the last good one in force for so long: an outage shuts nobody out, a key that was taken away does not live for ever.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(24);

    private static readonly UpstreamMetadata GitHub = new()
    {
        Issuer = "",
        AuthorizationEndpoint = new Uri("https://github.com/login/oauth/authorize"),
        TokenEndpoint = new Uri("https://github.com/login/oauth/access_token"),
        UserInfoEndpoint = new Uri("https://api.github.com/user"),
        SecretInBody = true,
    };

    private readonly ConcurrentDictionary<string, (UpstreamMetadata Metadata, DateTimeOffset At)> _metadata = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Uri, FetchedKeys> _keys = new();

    /// <summary>Null where it cannot be had or is not what it has to be.</summary>
    public async Task<UpstreamMetadata?> FindAsync(UpstreamProvider provider, CancellationToken ct)
    {
        if (provider.Kind == UpstreamKind.GitHub) return GitHub;
        var now = clock.GetUtcNow();
        if (_metadata.TryGetValue(provider.Name, out var known) && now - known.At < Fresh) return known.Metadata;
        if (await documents.GetAsync(new Uri(provider.Issuer + "/.well-known/openid-configuration"), ct) is not { } body || Read(body, provider) is not { } read)
            return known.Metadata is not null && now - known.At < Forgotten ? known.Metadata : null;
        _metadata[provider.Name] = (read, now);
        return read;
    }

    /// <param name="kid">Where the set we have lacks this key it is fetched again, but not for every made-up name.</param>
    public async Task<JsonWebKeySet> KeysAsync(UpstreamMetadata metadata, string? kid, CancellationToken ct)
    {
        if (metadata.JwksUri is not { } address) return JsonWebKeySet.Empty;
        var now = clock.GetUtcNow();
        if (_keys.TryGetValue(address, out var known))
        {
            var knows = kid is null || known.Keys.Keys.Any(key => string.Equals(key.Kid, kid, StringComparison.Ordinal));
            if ((knows && now - known.At < Fresh) || now - known.TriedAt < RefetchKeysAfter) return known.Keys;
        }

        if (await documents.GetAsync(address, ct) is { } body && JsonWebKeySet.TryParse(body, out var read)) known = new FetchedKeys(read, now, now);
        else known = known is not null && now - known.At < Forgotten ? known with { TriedAt = now } : new FetchedKeys(JsonWebKeySet.Empty, default, now);
        _keys[address] = known;
        return known.Keys;
    }

    /// <param name="At">When they came.</param>
    /// <param name="TriedAt">When they were asked for, whatever came of it.</param>
    private sealed record FetchedKeys(JsonWebKeySet Keys, DateTimeOffset At, DateTimeOffset TriedAt);

    private static UpstreamMetadata? Read(byte[] body, UpstreamProvider provider)
    {
        if (!StrictJson.TryParseObject(body, out var json) || !StrictJson.TryGetString(json, "issuer", out var issuer)) return null;
        // Microsoft publishes a pattern for the directories that share one address, and only there; the token's own directory is put in.
        var isPattern = provider.Kind == UpstreamKind.Microsoft && issuer == $"https://login.microsoftonline.com/{UpstreamMetadata.Directory}/v2.0"
            && provider.Issuer is "https://login.microsoftonline.com/common/v2.0" or "https://login.microsoftonline.com/organizations/v2.0";
        if (!isPattern && !string.Equals(issuer.TrimEnd('/'), provider.Issuer, StringComparison.Ordinal)) return null;
        if (Address(json, "authorization_endpoint") is not { } authorization || Address(json, "token_endpoint") is not { } token || Address(json, "jwks_uri") is not { } keys) return null;
        var methods = Words(json, "token_endpoint_auth_methods_supported");
        var algorithms = Words(json, "id_token_signing_alg_values_supported").Select(SignatureAlgorithm.Find).OfType<SignatureAlgorithm>().Where(static a => !a.IsSymmetric).ToList();
        return new UpstreamMetadata
        {
            Issuer = issuer,
            AuthorizationEndpoint = authorization,
            TokenEndpoint = token,
            UserInfoEndpoint = Address(json, "userinfo_endpoint"),
            JwksUri = keys,
            SecretInBody = methods.Count > 0 && !methods.Contains("client_secret_basic", StringComparer.Ordinal),
            SendsIssuer = json.TryGetProperty("authorization_response_iss_parameter_supported", out var sends) && sends.ValueKind == JsonValueKind.True,
            SigningAlgorithms = algorithms.Count > 0 ? algorithms : [SignatureAlgorithm.RS256],
        };
    }

    private static Uri? Address(JsonElement json, string name) =>
        StrictJson.TryGetString(json, name, out var text) && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? address : null;

    private static IReadOnlyList<string> Words(JsonElement json, string name) => json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Where(static v => v.ValueKind == JsonValueKind.String).Select(static v => v.GetString()!)]
        : [];
}
