using System.Text.Json;

namespace AuthServer.Engine.Tokens;

/// <summary>The <c>claims</c> parameter (OpenID Connect Core §5.5): single claims for UserInfo and the ID token, whatever the scope.</summary>
public sealed record ClaimsRequest
{
    public static readonly ClaimsRequest None = new();

    public IReadOnlyList<string> UserInfo { get; init; } = [];

    public IReadOnlyList<string> IdToken { get; init; } = [];

    /// <summary><c>acr</c> as an essential claim: one of these must be reached (§5.5.1.1).</summary>
    public IReadOnlyList<string> EssentialAcrValues { get; init; } = [];

    /// <summary><c>auth_time</c> was asked for by name.</summary>
    public bool AuthTime => IdToken.Contains("auth_time", StringComparer.Ordinal);

    public static bool TryParse(string json, out ClaimsRequest request)
    {
        request = None;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return false;
            if (!TryReadNames(document.RootElement, "userinfo", out var userInfo) || !TryReadNames(document.RootElement, "id_token", out var idToken)) return false;
            request = new ClaimsRequest { UserInfo = userInfo, IdToken = idToken, EssentialAcrValues = ReadEssentialAcr(document.RootElement) };
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A member's value is null or an object of details; details this server does not know are ignored (§5.5.1).</summary>
    private static bool TryReadNames(JsonElement root, string section, out IReadOnlyList<string> names)
    {
        names = [];
        if (!root.TryGetProperty(section, out var members) || members.ValueKind == JsonValueKind.Null) return true;
        if (members.ValueKind != JsonValueKind.Object) return false;
        var read = new List<string>();
        foreach (var member in members.EnumerateObject())
        {
            if (member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Object)) return false;
            read.Add(member.Name);
        }

        names = read;
        return true;
    }

    private static IReadOnlyList<string> ReadEssentialAcr(JsonElement root)
    {
        if (!root.TryGetProperty("id_token", out var idToken) || idToken.ValueKind != JsonValueKind.Object
            || !idToken.TryGetProperty("acr", out var acr) || acr.ValueKind != JsonValueKind.Object
            || !acr.TryGetProperty("essential", out var essential) || essential.ValueKind != JsonValueKind.True) return [];

        if (acr.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        return acr.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Where(static v => v.ValueKind == JsonValueKind.String).Select(static v => v.GetString()!)]
            : [];
    }
}
