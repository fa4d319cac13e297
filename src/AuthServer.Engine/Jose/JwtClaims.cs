using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AuthServer.Engine.Jose;

/// <summary>The payload of a JWT (RFC 7519 §4). The registered claims have the type the section gives them, or there is no such object.</summary>
public sealed class JwtClaims
{
    // 9999-12-31T23:59:59Z; beyond it no date can be made.
    private const double EndOfTime = 253_402_300_800;

    private JwtClaims(JsonElement json) => Json = json;

    /// <summary>All claims. No member appears twice.</summary>
    public JsonElement Json { get; }
    public string? Issuer { get; private init; }
    public string? Subject { get; private init; }

    /// <summary>Empty when the claim is absent; a single string counts as a list of one (RFC 7519 §4.1.3).</summary>
    public IReadOnlyList<string> Audience { get; private init; } = [];
    public DateTimeOffset? ExpiresAt { get; private init; }
    public DateTimeOffset? NotBefore { get; private init; }
    public DateTimeOffset? IssuedAt { get; private init; }
    public string? Id { get; private init; }

    /// <summary>True with null when the claim is absent; false when it is there and not a string.</summary>
    public bool TryGetOptionalString(string name, out string? value) => StrictJson.TryGetOptionalString(Json, name, out value);

    public bool TryGetString(string name, [NotNullWhen(true)] out string? value) => StrictJson.TryGetString(Json, name, out value);

    internal static bool TryRead(ReadOnlyMemory<byte> payload, out JwtFault fault, [NotNullWhen(true)] out JwtClaims? claims)
    {
        claims = null;
        fault = JwtFault.PayloadNotJson;
        if (!StrictJson.TryParseObject(payload, out var json)) return false;

        fault = JwtFault.MalformedClaim;
        if (!StrictJson.TryGetOptionalString(json, "iss", out var issuer)
            || !StrictJson.TryGetOptionalString(json, "sub", out var subject)
            || !StrictJson.TryGetOptionalString(json, "jti", out var id)
            || !TryReadAudience(json, out var audience)
            || !TryReadTime(json, "exp", out var expiresAt)
            || !TryReadTime(json, "nbf", out var notBefore)
            || !TryReadTime(json, "iat", out var issuedAt)) return false;

        fault = JwtFault.None;
        claims = new JwtClaims(json)
        {
            Issuer = issuer, Subject = subject, Id = id, Audience = audience, ExpiresAt = expiresAt, NotBefore = notBefore, IssuedAt = issuedAt,
        };
        return true;
    }

    private static bool TryReadAudience(JsonElement json, out IReadOnlyList<string> audience)
    {
        audience = [];
        if (!json.TryGetProperty("aud", out var member)) return true;
        if (member.ValueKind == JsonValueKind.String)
        {
            audience = [member.GetString()!];
            return true;
        }
        if (member.ValueKind != JsonValueKind.Array || member.GetArrayLength() == 0) return false;

        var values = new List<string>(member.GetArrayLength());
        foreach (var item in member.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) return false;
            values.Add(item.GetString()!);
        }
        audience = values;
        return true;
    }

    /// <summary>NumericDate (RFC 7519 §2): a number, fractions allowed, between 1970 and 9999.</summary>
    private static bool TryReadTime(JsonElement json, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!json.TryGetProperty(name, out var member)) return true;
        if (member.ValueKind != JsonValueKind.Number || !member.TryGetDouble(out var seconds)) return false;
        if (!(seconds >= 0 && seconds < EndOfTime)) return false;
        time = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Floor(seconds * 1000));
        return true;
    }
}
