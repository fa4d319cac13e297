using System.Collections.Frozen;

namespace AuthServer.Engine.Protocol;

/// <summary>The longest value each request parameter may have, in characters. One table, so that a test can send one more.</summary>
public static class ParameterLimits
{
    public const int Default = 512;

    /// <summary>Parameters in one request. Unknown ones are ignored (RFC 6749 §3.1) but not without end.</summary>
    public const int Count = 64;

    /// <summary>Bytes of one form body.</summary>
    public const int Body = 64 * 1024;

    private static readonly FrozenDictionary<string, int> Longer = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["assertion"] = 16_384,
        ["claims"] = 8_192,
        ["client_assertion"] = 16_384,
        ["code_verifier"] = 128,
        ["id_token_hint"] = 16_384,
        ["logout_hint"] = 512,
        ["nonce"] = 1_024,
        ["post_logout_redirect_uri"] = 2_048,
        ["redirect_uri"] = 2_048,
        ["request"] = 16_384,
        ["request_uri"] = 2_048,
        ["resource"] = 2_048,
        ["scope"] = 4_096,
        ["state"] = 4_096,
        ["token"] = 16_384,
        ["access_token"] = 16_384,
        ["refresh_token"] = 1_024,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static int Of(string parameter) => Longer.GetValueOrDefault(parameter, Default);

    public static IReadOnlyDictionary<string, int> Table => Longer;
}
