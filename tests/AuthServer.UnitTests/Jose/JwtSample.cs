using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.Jose;

namespace AuthServer.UnitTests.Jose;

/// <summary>One signer, its public key, and what a reader expects of its tokens.</summary>
internal static class JwtSample
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly JsonWebKey PrivateKey = NewKey();
    public static readonly SigningCredential Signer = SigningCredential.FromJsonWebKey(PrivateKey, SignatureAlgorithm.ES256);
    public static readonly JsonWebKeySet Keys = new([PrivateKey.ToPublic()]);
    public static readonly JwtExpectations Expectations = new() { Now = Now, Issuer = "https://issuer.example", Audiences = ["https://api.example"] };

    public static string AccessToken(Action<Utf8JsonWriter>? more = null, string typ = "at+jwt") => Jwt.Sign(Signer, typ, static (writer, more) =>
    {
        writer.WriteString("iss", "https://issuer.example");
        writer.WriteString("sub", "248289761001");
        writer.WriteString("aud", "https://api.example");
        writer.WriteNumber("exp", Now.AddMinutes(5).ToUnixTimeSeconds());
        writer.WriteNumber("iat", Now.ToUnixTimeSeconds());
        writer.WriteString("jti", "9c1b1c1f0f");
        writer.WriteString("client_id", "s6BhdRkqt3");
        writer.WriteString("scope", "openid profile reademail");
        more?.Invoke(writer);
    }, more);

    /// <summary>A header and a payload of the test's own making, rightly signed.</summary>
    public static string Signed(string payload, string header = """{"alg":"ES256","typ":"at+jwt"}""") =>
        CompactJws.Sign(Signer, Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload));

    public static JwtFault Verify(string token, JwtType? type = null, JwtExpectations? expectations = null, SignatureAlgorithm[]? allowed = null) =>
        Jwt.TryVerify(token, Keys, allowed ?? [SignatureAlgorithm.ES256], type ?? JwtType.AccessToken, expectations ?? Expectations, out _, out var fault)
            ? JwtFault.None
            : fault;

    private static JsonWebKey NewKey()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return JsonWebKey.FromEcdsa(ecdsa, includePrivate: true, kid: "sample");
    }
}
