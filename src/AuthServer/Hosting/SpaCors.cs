using AuthServer.Endpoints.Discovery;
using AuthServer.Endpoints.Jwks;
using AuthServer.Endpoints.PushedAuthorizationRequest;
using AuthServer.Endpoints.Revocation;
using AuthServer.Endpoints.Token;
using AuthServer.Endpoints.UserInfo;
using AuthServer.Engine.Clients;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace AuthServer.Hosting;

/// <summary>
/// Cross-origin calls of single-page apps: allowed from the origins of registered redirect URIs, so there is no second list to keep. Metadata and keys are for everybody.
/// Cookies are never allowed along.
/// </summary>
internal sealed class SpaCors(ClientRegistry clients) : ICorsPolicyProvider
{
    private static readonly HashSet<string> Callable = new(StringComparer.Ordinal) { TokenEndpoint.Path, UserInfoEndpoint.Path, RevocationEndpoint.Path, PushedAuthorizationRequestEndpoint.Path };
    private static readonly HashSet<string> Public = new(StringComparer.Ordinal) { DiscoveryEndpoint.OpenIdPath, DiscoveryEndpoint.OAuthPath, JwksEndpoint.Path };
    private static readonly CorsPolicy Everybody = new CorsPolicyBuilder().AllowAnyOrigin().WithMethods("GET").AllowAnyHeader().Build();

    private volatile Tuple<IReadOnlyCollection<Client>, HashSet<string>>? _origins;

    public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        var path = context.Request.Path.Value ?? "";
        if (Public.Contains(path)) return Task.FromResult<CorsPolicy?>(Everybody);
        if (!Callable.Contains(path)) return Task.FromResult<CorsPolicy?>(null);

        var origins = Origins();
        return Task.FromResult<CorsPolicy?>(new CorsPolicyBuilder()
            .SetIsOriginAllowed(origins.Contains).WithMethods("GET", "POST").WithHeaders("Authorization", "Content-Type", "DPoP")
            .WithExposedHeaders("WWW-Authenticate", "DPoP-Nonce").SetPreflightMaxAge(TimeSpan.FromMinutes(10)).Build());
    }

    /// <summary>Collected again when the registry's picture is a new one.</summary>
    private HashSet<string> Origins()
    {
        var all = clients.All;
        if (_origins is { } known && ReferenceEquals(known.Item1, all)) return known.Item2;
        var origins = all.Where(c => c.Enabled).SelectMany(c => c.RedirectUris)
            .Where(u => u.StartsWith("http", StringComparison.Ordinal)).Select(u => new Uri(u).GetLeftPart(UriPartial.Authority)).ToHashSet(StringComparer.Ordinal);
        _origins = Tuple.Create(all, origins);
        return origins;
    }
}
