using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Upstream;

/// <summary>One provider, with what its kind brings along filled in.</summary>
public sealed record UpstreamProvider
{
    /// <summary>As it stands in addresses and in the links of accounts.</summary>
    public required string Name { get; init; }
    public required string DisplayName { get; init; }
    public required UpstreamKind Kind { get; init; }

    /// <summary>Empty for GitHub, which has none.</summary>
    public required string Issuer { get; init; }
    public required string ClientId { get; init; }
    public string? ClientSecret { get; init; }
    public required string Scopes { get; init; }
    public required IReadOnlyDictionary<string, string> ClaimMapping { get; init; }
    public bool TrustEmail { get; init; }
    public bool TrustMultiFactor { get; init; }
    public bool CreateAccounts { get; init; }
}

/// <summary>The providers of this deployment, in the order of the settings.</summary>
public sealed class UpstreamProviders(IOptions<UpstreamOptions> options)
{
    /// <summary>What Microsoft publishes as the issuer of <c>consumers</c>: asked for by its own name, the document names the address it came from.</summary>
    private const string PersonalAccounts = "9188040d-6c67-4c5b-b112-36a304b66dad";

    private readonly Dictionary<string, UpstreamProvider> _byName = options.Value.Providers.ToDictionary(static p => p.Key, static p => Fill(p.Key, p.Value), StringComparer.Ordinal);

    public IReadOnlyCollection<UpstreamProvider> All => _byName.Values;

    public UpstreamProvider? Find(string? name) => name is not null && _byName.TryGetValue(name, out var provider) ? provider : null;

    private static UpstreamProvider Fill(string name, UpstreamSettings settings) => new()
    {
        Name = name,
        Kind = settings.Kind,
        DisplayName = settings.DisplayName ?? settings.Kind switch { UpstreamKind.Google => "Google", UpstreamKind.Microsoft => "Microsoft", UpstreamKind.GitHub => "GitHub", _ => name },
        Issuer = settings.Kind switch
        {
            UpstreamKind.Google => "https://accounts.google.com",
            UpstreamKind.Microsoft => $"https://login.microsoftonline.com/{(settings.Tenant == "consumers" ? PersonalAccounts : settings.Tenant)}/v2.0",
            UpstreamKind.GitHub => "",
            _ => settings.Issuer!.TrimEnd('/'),
        },
        ClientId = settings.ClientId!,
        ClientSecret = settings.ClientSecret is { Length: > 0 } secret ? secret : null,
        Scopes = settings.Scopes ?? (settings.Kind == UpstreamKind.GitHub ? "read:user user:email" : "openid profile email"),
        ClaimMapping = settings.ClaimMapping.AsReadOnly(),
        TrustEmail = settings.TrustEmail ?? settings.Kind is UpstreamKind.Google or UpstreamKind.GitHub,
        TrustMultiFactor = settings.TrustMultiFactor,
        CreateAccounts = settings.CreateAccounts,
    };
}
