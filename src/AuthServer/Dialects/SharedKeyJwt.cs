using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Jose;

namespace AuthServer.Dialects;

/// <summary>
/// HS256 (RFC 7518 §3.2) with a secret that an old service shared with others, fenced in here: no other part of this server reads or makes such a token.
/// Secrets in the field can be shorter than RFC 7518 asks for, so the engine's own keys cannot be used.
/// </summary>
internal static class SharedKeyJwt
{
    private const int LongestToken = 8 * 1024;
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    public static string Sign(string key, JsonObject claims)
    {
        var signed = Header + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed)));
    }

    /// <summary>The claims, where one of the keys made the signature and the header says HS256; times are for the caller to judge.</summary>
    public static bool TryRead(IEnumerable<string> keys, string token, out JsonElement claims)
    {
        claims = default;
        if (token.Length > LongestToken || token.Split('.') is not [var header, var payload, var signature]) return false;
        if (!StrictBase64Url.TryDecode(signature, out var given) || !TryObject(header, out var protectedHeader) || !(protectedHeader.TryGetProperty("alg", out var alg) && alg.ValueKind == JsonValueKind.String && alg.ValueEquals("HS256"))) return false;
        var signed = Encoding.UTF8.GetBytes(header + "." + payload);
        var good = false;
        // All of them, so that the time does not tell which.
        foreach (var key in keys) good |= CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed), given);
        return good && TryObject(payload, out claims);
    }

    private static bool TryObject(string part, out JsonElement json)
    {
        json = default;
        if (!StrictBase64Url.TryDecode(part, out var bytes)) return false;
        try
        {
            json = JsonElement.Parse(bytes);
            return json.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
