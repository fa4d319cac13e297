using AuthServer.Engine.Keys;
using AuthServer.Engine.Protocol;

namespace AuthServer.Endpoints.Jwks;

/// <summary>The JWK set (RFC 7517 §5), served from bytes made when the keys changed.</summary>
public sealed class JwksEndpoint(KeyRing keys)
{
    public const string Path = "/.well-known/jwks.json";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, (HttpContext http, JwksEndpoint endpoint) => endpoint.HandleAsync(http)).WithMetadata(new OpenRouteAttribute("public keys"));

    private Task HandleAsync(HttpContext http)
    {
        // Keys are announced days ahead, so an hour in a cache costs nothing.
        http.Response.Headers.CacheControl = "public, max-age=3600";
        http.Response.ContentType = "application/json";
        var body = keys.Jwks;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }
}
