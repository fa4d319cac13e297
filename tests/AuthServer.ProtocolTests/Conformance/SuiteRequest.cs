using System.Security.Cryptography;
using System.Text.Json;

namespace AuthServer.ProtocolTests.Conformance;

/// <summary>An authorization request as the suite sends it; its parameters keep their order.</summary>
internal sealed record SuiteRequest(SuiteClient Client, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    private static readonly Dictionary<string, string[]> ClaimsOfScopes = new(StringComparer.Ordinal)
    {
        ["profile"] =
        [
            "name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at", "preferred_username",
        ],
        ["email"] = ["email", "email_verified"],
        ["address"] = ["address"],
        ["phone"] = ["phone_number", "phone_number_verified"],
    };

    public string? this[string name] => Parameters.Where(p => p.Key == name).Select(p => p.Value).FirstOrDefault();

    /// <summary>Claims asked for by scope (OpenID Connect Core §5.4).</summary>
    public IReadOnlyList<string> ScopeClaims => [.. this["scope"]!.Split(' ').SelectMany(s => ClaimsOfScopes.GetValueOrDefault(s, []))];

    /// <summary>Claims asked for by name (§5.5), for <c>userinfo</c> or <c>id_token</c>.</summary>
    public IReadOnlyList<string> ClaimsByName(string place)
    {
        if (this["claims"] is not { } text) return [];
        using var json = JsonDocument.Parse(text);
        return json.RootElement.TryGetProperty(place, out var claims) ? [.. claims.EnumerateObject().Select(c => c.Name)] : [];
    }

    /// <summary>With these parameters instead; null takes one out.</summary>
    public SuiteRequest With(params (string Name, string? Value)[] changes)
    {
        var all = Parameters.ToList();
        foreach (var (name, value) in changes)
        {
            var at = all.FindIndex(p => p.Key == name);
            if (at >= 0) all.RemoveAt(at);
            if (value is not null) all.Insert(at >= 0 ? at : all.Count, new(name, value));
        }

        return this with { Parameters = all };
    }

    public string UrlAt(string endpoint) => endpoint + "?" + string.Join('&', Parameters.Select(p => p.Key + "=" + Uri.EscapeDataString(p.Value)));

    /// <summary>Letters that need no encoding, though clients and servers have been seen to encode them.</summary>
    public static string Random(int length) => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);

    public static string RandomWithMarks(int length) => "-._~" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", length - 4);
}
