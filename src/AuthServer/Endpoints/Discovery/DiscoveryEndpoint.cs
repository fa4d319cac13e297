using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints.Discovery;

/// <summary>Server metadata under both well-known names (OpenID Connect Discovery §4, RFC 8414 §3), served from bytes.</summary>
public sealed class DiscoveryEndpoint(DiscoveryDocument document)
{
    public const string OpenIdPath = "/.well-known/openid-configuration";
    public const string OAuthPath = "/.well-known/oauth-authorization-server";

    /// <summary>A spelling that old settings carry around (RAG Modulo's among them). It costs nothing to answer.</summary>
    public const string MisspeltPath = "/.well-known/openid_configuration";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(MisspeltPath, (HttpContext http, DiscoveryEndpoint endpoint) => endpoint.HandleAsync(http)).WithMetadata(new OpenRouteAttribute("what apps must know of this server"));
        routes.MapGet(OpenIdPath, (HttpContext http, DiscoveryEndpoint endpoint) => endpoint.HandleAsync(http)).WithMetadata(new OpenRouteAttribute("what apps must know of this server"));
        routes.MapGet(OAuthPath, (HttpContext http, DiscoveryEndpoint endpoint) => endpoint.HandleAsync(http)).WithMetadata(new OpenRouteAttribute("what apps must know of this server"));
    }

    private Task HandleAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=300";
        http.Response.ContentType = "application/json";
        var body = document.Bytes;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}
