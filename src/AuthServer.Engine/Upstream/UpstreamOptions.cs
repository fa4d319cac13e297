using Microsoft.Extensions.Options;

namespace AuthServer.Engine.Upstream;

/// <summary>Other providers by which people may sign in.</summary>
public sealed class UpstreamOptions
{
    public const string Section = "Upstream";

    /// <summary>By the name that stands in addresses (lower-case letters, digits, dashes). Default: none.</summary>
    public IDictionary<string, UpstreamSettings> Providers { get; } = new Dictionary<string, UpstreamSettings>(StringComparer.Ordinal);
}

public enum UpstreamKind
{
    /// <summary>Any provider of OpenID Connect; <see cref="UpstreamSettings.Issuer"/> says which.</summary>
    OpenIdConnect,
    Google,
    Microsoft,

    /// <summary>OAuth 2.0 without an ID token: the account is asked of its API.</summary>
    GitHub,
}

/// <summary>One provider as the operator sets it.</summary>
public sealed class UpstreamSettings
{
    /// <summary>OpenIdConnect, Google, Microsoft or GitHub; the last three bring their addresses and scopes along. Default OpenIdConnect.</summary>
    public UpstreamKind Kind { get; set; }

    /// <summary>What the button says. Default: the kind's own name, or the name in the settings.</summary>
    public string? DisplayName { get; set; }

    /// <summary>The provider's issuer identifier. Needed for OpenIdConnect only.</summary>
    public string? Issuer { get; set; }

    /// <summary>Microsoft only: the directory (tenant) id, or <c>common</c>, <c>organizations</c>, <c>consumers</c>. Default common.</summary>
    public string Tenant { get; set; } = "common";

    /// <summary>The id that the provider gave this server.</summary>
    public string? ClientId { get; set; }

    /// <summary>The secret that the provider gave this server. Default: none, for a public client.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Space-separated. Default <c>openid profile email</c>; for GitHub <c>read:user user:email</c>.</summary>
    public string? Scopes { get; set; }

    /// <summary>The provider's claim to the standard claim it becomes here, e.g. <c>"mail": "email"</c>. Default: standard claims by their own names.</summary>
    public IDictionary<string, string> ClaimMapping { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Believe the provider that an address is the person's (<c>email_verified</c>). Default: true for Google and GitHub, otherwise false.</summary>
    public bool? TrustEmail { get; set; }

    /// <summary>Believe the provider that two factors were used (<c>amr</c> with <c>mfa</c>). Default false: a second factor set up here is asked for.</summary>
    public bool TrustMultiFactor { get; set; }

    /// <summary>Whether people who are unknown here get an account. Default true.</summary>
    public bool CreateAccounts { get; set; } = true;
}

/// <summary>Mistakes in these settings are told at start, in plain words.</summary>
public sealed class UpstreamOptionsRules : IValidateOptions<UpstreamOptions>
{
    public ValidateOptionsResult Validate(string? name, UpstreamOptions options)
    {
        var faults = options.Providers.SelectMany(static p => Objections(p.Key, p.Value)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Objections(string name, UpstreamSettings provider)
    {
        var at = $"{UpstreamOptions.Section}:Providers:{name}";
        if (name.Length is 0 or > 32 || !name.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) yield return $"{at}: the name may have lower-case letters, digits and dashes, 32 at most.";
        if (string.IsNullOrEmpty(provider.ClientId)) yield return $"{at}:ClientId is not set. The provider gives it when this server is registered there.";
        if (provider.Kind == UpstreamKind.OpenIdConnect && !(Uri.TryCreate(provider.Issuer, UriKind.Absolute, out var issuer) && issuer.Scheme is "https" or "http"))
            yield return $"{at}:Issuer must be the provider's issuer, like https://accounts.example.com.";
        if (provider.Kind == UpstreamKind.Microsoft && provider.Tenant is not ("common" or "organizations" or "consumers") && !Guid.TryParseExact(provider.Tenant, "D", out _))
            yield return $"{at}:Tenant must be common, organizations, consumers, or the directory's id (not its domain name: Microsoft's answers carry the id).";
        if (provider.Kind == UpstreamKind.GitHub && string.IsNullOrEmpty(provider.ClientSecret)) yield return $"{at}:ClientSecret is not set; GitHub needs it.";
    }
}
