using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Engine.Jose;
using AuthServer.Testing;

namespace AuthServer.ProtocolTests.ClientAuthentication;

/// <summary>Makes the JWT by which a client proves itself (RFC 7523 §2.2), good unless a test changes it.</summary>
internal static class Assertion
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public static Dictionary<string, object?> Claims(TestServer server, string clientId, params (string Name, object? Value)[] changes)
    {
        var now = server.Clock.GetUtcNow();
        var claims = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = server.Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(1).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in changes)
        {
            if (value is null) claims.Remove(name);
            else claims[name] = value;
        }

        return claims;
    }

    public static string Sign(SigningCredential key, Dictionary<string, object?> claims, string typ = "JWT") => Jwt.Sign(key, typ, JsonSerializer.SerializeToUtf8Bytes(claims));

    public static Task<HttpResponseMessage> SendAsync(TestServer server, string assertion, params (string, string?)[] more) =>
        server.TokenAsync([("grant_type", "client_credentials"), ("client_assertion_type", Type), ("client_assertion", assertion), .. more]);

    /// <summary>The set that the holder of these keys publishes.</summary>
    public static string SetOf(params JsonWebKey[] keys)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) new JsonWebKeySet(keys).WritePublic(writer);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    public static JsonWebKey NewEcKey(string kid)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return JsonWebKey.FromEcdsa(ecdsa, includePrivate: true, kid);
    }

    public static JsonWebKey NewRsaKey(string kid)
    {
        using var rsa = RSA.Create(2048);
        return JsonWebKey.FromRsa(rsa, includePrivate: true, kid);
    }
}
