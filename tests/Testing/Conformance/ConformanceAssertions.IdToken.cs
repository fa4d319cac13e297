using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xunit;

namespace AuthServer.Testing.Conformance;

/// <summary>What an ID token has to say in one answer.</summary>
public sealed record IdTokenExpectation
{
    public required string Issuer { get; init; }
    public required string ClientId { get; init; }

    /// <summary>The document behind <c>jwks_uri</c>.</summary>
    public required JsonElement Jwks { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <summary>The nonce of the request; null where none was sent, and then none may be there.</summary>
    public required string? Nonce { get; init; }

    /// <summary><c>max_age</c> was sent (OpenID Connect Core §3.1.2.1).</summary>
    public bool AuthTimeRequired { get; init; }

    /// <summary>Came through the browser: then each hash has to be there (§3.2.2.10, §3.3.2.11). Otherwise it has to be right where it is.</summary>
    public bool FrontChannel { get; init; }
    public string? AccessToken { get; init; }
    public string? Code { get; init; }

    /// <summary>Claims that were asked for, by scope or by name.</summary>
    public IReadOnlyCollection<string> Requested { get; init; } = [];
}

public static partial class ConformanceAssertions
{
    private static readonly string[] NeedNoRequest = ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "c_hash", "s_hash", "nbf", "jti", "sid", "txn"];

    /// <summary>OpenID Connect Core §3.1.3.7, §3.2.2.11 and §3.3.2.12, with the platform's own cryptography rather than the server's; answers the claims.</summary>
    public static JsonElement AssertIdToken(string jwt, IdTokenExpectation expected)
    {
        var parts = jwt.Split('.');
        Assert.Equal(3, parts.Length);
        var header = Json(parts[0]);
        var claims = Json(parts[1]);
        AssertSignature(parts, header, expected.Jwks);

        Assert.Equal(expected.Issuer, claims.GetProperty("iss").GetString());
        AssertAudience(claims, expected.ClientId);
        AssertTimes(claims, expected);
        var subject = claims.GetProperty("sub").GetString()!;
        Assert.InRange(subject.Length, 1, 255);
        Assert.All(subject, static c => Assert.InRange(c, ' ', '~'));
        Assert.Equal(expected.Nonce, claims.TryGetProperty("nonce", out var nonce) ? nonce.GetString() : null);
        if (claims.TryGetProperty("acr", out var acr)) Assert.False(string.IsNullOrWhiteSpace(acr.GetString()));

        AssertHash(claims, "at_hash", expected.AccessToken, expected.FrontChannel);
        AssertHash(claims, "c_hash", expected.Code, expected.FrontChannel);
        AssertStandardClaims(claims, expected.Now);
        Assert.Empty(claims.EnumerateObject().Select(c => c.Name).Except(NeedNoRequest, StringComparer.Ordinal).Except(expected.Requested, StringComparer.Ordinal));
        return claims;
    }

    /// <summary>By the one key of the set that the header names, which has to be made for it. RS256 is what a client gets that registered nothing.</summary>
    private static void AssertSignature(string[] parts, JsonElement header, JsonElement jwks)
    {
        Assert.Equal("RS256", header.GetProperty("alg").GetString());
        var kid = header.GetProperty("kid").GetString();
        var key = Assert.Single(jwks.GetProperty("keys").EnumerateArray(), k => k.GetProperty("kid").GetString() == kid);
        Assert.Equal("RSA", key.GetProperty("kty").GetString());
        if (key.TryGetProperty("alg", out var alg)) Assert.Equal("RS256", alg.GetString());
        if (key.TryGetProperty("use", out var use)) Assert.Equal("sig", use.GetString());

        using var rsa = RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars(key.GetProperty("n").GetString()), Exponent = Base64Url.DecodeFromChars(key.GetProperty("e").GetString()) });
        Assert.True(
            rsa.VerifyData(Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "The signature is not by the key that the header names.");
    }

    private static void AssertAudience(JsonElement claims, string clientId)
    {
        var audience = claims.GetProperty("aud");
        string[] audiences = audience.ValueKind == JsonValueKind.Array ? [.. audience.EnumerateArray().Select(a => a.GetString()!)] : [audience.GetString()!];
        Assert.Equal([clientId], audiences);
        if (claims.TryGetProperty("azp", out var azp)) Assert.Equal(clientId, azp.GetString());
    }

    private static void AssertTimes(JsonElement claims, IdTokenExpectation expected)
    {
        var now = expected.Now.ToUnixTimeSeconds();
        Assert.InRange(claims.GetProperty("iat").GetInt64(), now - 300, now + 300);
        Assert.InRange(claims.GetProperty("exp").GetInt64(), now + 1, expected.Now.AddYears(50).ToUnixTimeSeconds());
        if (expected.AuthTimeRequired || claims.TryGetProperty("auth_time", out _))
            Assert.InRange(claims.GetProperty("auth_time").GetInt64(), expected.Now.AddYears(-1).ToUnixTimeSeconds(), now);
    }

    /// <summary>The left half of the SHA-256 that belongs to RS256.</summary>
    private static void AssertHash(JsonElement claims, string name, string? value, bool required)
    {
        var has = claims.TryGetProperty(name, out var hash);
        if (value is null)
        {
            Assert.False(has, $"{name} without the thing it is a hash of.");
            return;
        }

        Assert.True(has || !required, $"{name} is missing.");
        if (has) Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(value)).AsSpan(0, 16)), hash.GetString());
    }

    private static JsonElement Json(string base64Url)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(base64Url));
        return document.RootElement.Clone();
    }
}
