using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AuthServer.Benchmarks.Floor;

/// <summary>Signs and verifies with two keys that live as long as the process. No key set, no rotation, no strictness: only the arithmetic and the base64url.</summary>
internal sealed class FloorKeys : IDisposable
{
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly string _es256Header = Header("ES256", "at+jwt");
    private readonly string _rs256Header = Header("RS256", "JWT");

    public string Sign(bool rsa, string clientId)
    {
        var payload = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(payload))
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            json.WriteStartObject();
            json.WriteString("iss", "http://localhost");
            json.WriteNumber("iat", now);
            json.WriteNumber("exp", now + 900);
            json.WriteString("aud", "http://localhost:5175");
            json.WriteString("sub", clientId);
            json.WriteString("client_id", clientId);
            json.WriteString("jti", Random256());
            json.WriteString("scope", "notes");
            json.WriteEndObject();
        }

        var signingInput = (rsa ? _rs256Header : _es256Header) + Base64Url.EncodeToString(payload.WrittenSpan);
        var bytes = Encoding.ASCII.GetBytes(signingInput);
        var signature = rsa ? _rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : _ec.SignData(bytes, HashAlgorithmName.SHA256);
        return signingInput + "." + Base64Url.EncodeToString(signature);
    }

    /// <summary>The payload of an ES256 token of ours that has not expired; null for anything else.</summary>
    public byte[]? Verify(string token)
    {
        var dot = token.LastIndexOf('.');
        var first = token.IndexOf('.', StringComparison.Ordinal);
        if (first <= 0 || dot <= first) return null;
        if (!_ec.VerifyData(Encoding.ASCII.GetBytes(token, 0, dot), Base64Url.DecodeFromChars(token.AsSpan(dot + 1)), HashAlgorithmName.SHA256)) return null;
        var payload = Base64Url.DecodeFromChars(token.AsSpan(first + 1, dot - first - 1));
        using var claims = JsonDocument.Parse(payload);
        return claims.RootElement.GetProperty("exp").GetInt64() > TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() ? payload : null;
    }

    public static string Random256() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public void Dispose()
    {
        _ec.Dispose();
        _rsa.Dispose();
    }

    private static string Header(string algorithm, string type) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","typ":"{{type}}","kid":"floor"}""")) + ".";
}
