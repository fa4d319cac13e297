using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Xunit;

namespace AuthServer.Testing.Conformance;

public static partial class ConformanceAssertions
{
    private static readonly string[] Lists =
    [
        "scopes_supported", "response_types_supported", "response_modes_supported", "grant_types_supported", "acr_values_supported", "subject_types_supported",
        "id_token_signing_alg_values_supported", "id_token_encryption_alg_values_supported", "id_token_encryption_enc_values_supported",
        "userinfo_signing_alg_values_supported", "userinfo_encryption_alg_values_supported", "userinfo_encryption_enc_values_supported",
        "request_object_signing_alg_values_supported", "request_object_encryption_alg_values_supported", "request_object_encryption_enc_values_supported",
        "token_endpoint_auth_methods_supported", "token_endpoint_auth_signing_alg_values_supported",
        "revocation_endpoint_auth_methods_supported", "revocation_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint_auth_methods_supported", "introspection_endpoint_auth_signing_alg_values_supported",
        "display_values_supported", "claim_types_supported", "claims_supported", "claims_locales_supported", "ui_locales_supported", "code_challenge_methods_supported", "prompt_values_supported",
    ];

    private static readonly string[] Truths =
    [
        "claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported", "require_request_uri_registration",
        "require_pushed_authorization_requests", "authorization_response_iss_parameter_supported",
        "frontchannel_logout_supported", "frontchannel_logout_session_supported", "backchannel_logout_supported", "backchannel_logout_session_supported",
    ];

    private static readonly string[] Addresses =
    [
        "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "registration_endpoint", "end_session_endpoint", "check_session_iframe", "introspection_endpoint",
        "revocation_endpoint", "pushed_authorization_request_endpoint", "device_authorization_endpoint", "service_documentation", "op_policy_uri", "op_tos_uri",
    ];

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

    /// <summary>OpenID Connect Discovery §3, RFC 8414 §2: what has to be there is, has the type it has to have, and nothing else is.</summary>
    public static void AssertDiscovery(JsonElement document, string issuer)
    {
        Assert.Equal(issuer, document.GetProperty("issuer").GetString());
        var url = new Uri(issuer);
        Assert.Equal(("https", "", ""), (url.Scheme, url.Query, url.Fragment));
        AssertHasClaims(document, ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "scopes_supported", "claims_supported"]);

        foreach (var member in document.EnumerateObject())
        {
            if (Lists.Contains(member.Name)) AssertList(member);
            else if (Truths.Contains(member.Name)) Assert.True(member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False, $"{member.Name} is not a boolean.");
            else if (Addresses.Contains(member.Name)) Assert.Equal("https", new Uri(member.Value.GetString()!).Scheme);
            else Assert.True(member.Name == "issuer", $"{member.Name} is not a member that a client would know.");
        }

        Assert.Empty(Values(document, "subject_types_supported").Except(["public", "pairwise"]));
        Assert.Contains("RS256", Values(document, "id_token_signing_alg_values_supported"));
        Assert.Contains("openid", Values(document, "scopes_supported"));
        Assert.Empty(Values(document, "code_challenge_methods_supported").Except(["S256", "plain"]));
        Assert.NotEmpty(Values(document, "response_types_supported"));
        if (document.TryGetProperty("request_object_signing_alg_values_supported", out _)) Assert.Contains(Values(document, "request_object_signing_alg_values_supported"), static a => a is "RS256" or "none");

        // Absent, it would mean true (OpenID Connect Discovery §3).
        Assert.True(document.TryGetProperty("request_uri_parameter_supported", out _), "request_uri_parameter_supported is not said.");
        foreach (var locale in Values(document, "ui_locales_supported").Concat(Values(document, "claims_locales_supported"))) _ = CultureInfo.GetCultureInfo(locale);
    }

    /// <summary>What the dynamic plan wants besides.</summary>
    public static void AssertImplicitIsOffered(JsonElement document)
    {
        Assert.Empty(new[] { "code", "id_token", "id_token token" }.Except(Values(document, "response_types_supported")));
        Assert.Empty(new[] { "authorization_code", "implicit" }.Except(Values(document, "grant_types_supported")));
    }

    /// <summary>RFC 7517 §5: public keys only, each with a name of its own.</summary>
    public static void AssertJwks(JsonElement jwks)
    {
        var keys = jwks.GetProperty("keys").EnumerateArray().ToArray();
        Assert.NotEmpty(keys);
        Assert.All(keys, static key =>
        {
            Assert.Empty(key.EnumerateObject().Select(m => m.Name).Intersect(PrivateMembers));
            string[] numbers = key.GetProperty("kty").GetString() switch
            {
                "RSA" => ["n", "e"],
                "EC" => ["x", "y"],
                "OKP" => ["x"],
                var other => throw new InvalidOperationException($"kty {other} is unknown."),
            };
            Assert.All(numbers, number => Assert.True(Base64Url.IsValid(key.GetProperty(number).GetString()) && !key.GetProperty(number).GetString()!.EndsWith('=')));
        });

        var kids = keys.Select(k => k.GetProperty("kid").GetString()).ToArray();
        Assert.All(kids, static kid => Assert.False(string.IsNullOrEmpty(kid)));
        Assert.Equal(kids.Distinct(), kids);
    }

    /// <summary>The values of a list in a metadata document; none where it is absent.</summary>
    public static IReadOnlyList<string> Values(JsonElement document, string member) =>
        document.TryGetProperty(member, out var list) ? [.. list.EnumerateArray().Select(v => v.GetString()!)] : [];

    private static void AssertList(JsonProperty member)
    {
        Assert.Equal(JsonValueKind.Array, member.Value.ValueKind);
        Assert.NotEmpty(member.Value.EnumerateArray());
        Assert.All(member.Value.EnumerateArray(), static v => Assert.Equal(JsonValueKind.String, v.ValueKind));
        var values = member.Value.EnumerateArray().Select(v => v.GetString()).ToArray();
        Assert.Equal(values.Distinct(), values);
    }
}
