using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>JWTs that no good server believes.</summary>
internal static class SuiteTokens
{
    public static string Unsigned(IReadOnlyDictionary<string, object> claims) => Unsigned(JsonSerializer.SerializeToUtf8Bytes(claims));

    /// <summary>The same claims under <c>alg: none</c>.</summary>
    public static string WithoutSignature(string jwt) => Unsigned(Base64Url.DecodeFromChars(jwt.Split('.')[1]));

    /// <summary>The same token by somebody else: another issuer, another audience, a key of their own under the same name.</summary>
    public static string Forged(string jwt, string issuer, string audience)
    {
        var parts = jwt.Split('.');
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        (claims["iss"], claims["aud"]) = (issuer, audience);
        using var rsa = RSA.Create(2048);
        var signed = parts[0] + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        return signed + "." + Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string Unsigned(byte[] claims) => Base64Url.EncodeToString("""{"alg":"none"}"""u8) + "." + Base64Url.EncodeToString(claims) + ".";
}
