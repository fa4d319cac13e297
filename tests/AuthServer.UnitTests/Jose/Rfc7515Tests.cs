using System.Text;
using AuthServer.Engine.Jose;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Jose;

/// <summary>The examples of RFC 7515, Appendix A: the specification's own keys and signatures.</summary>
public sealed class Rfc7515Tests
{
    private const string Payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private const string HmacKey =
        """{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}""";

    private const string HmacToken = $"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{Payload}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private const string RsaKey = """
        {"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}
        """;

    private const string RsaToken =
        $"eyJhbGciOiJSUzI1NiJ9.{Payload}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    private const string EcKey = """
        {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
        """;

    private const string EcToken = $"eyJhbGciOiJFUzI1NiJ9.{Payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private const string Ec521Key = """
        {"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}
        """;

    private const string Ec521Token =
        "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";

    [Theory]
    [Spec("RFC 7515 §A.1")]
    [Spec("RFC 7515 §A.2")]
    [Spec("RFC 7515 §A.3")]
    [Spec("RFC 7515 §A.4")]
    [InlineData("HS256", HmacKey, HmacToken)]
    [InlineData("RS256", RsaKey, RsaToken)]
    [InlineData("ES256", EcKey, EcToken)]
    [InlineData("ES512", Ec521Key, Ec521Token)]
    public void The_published_signature_verifies_and_no_other_does(string alg, string key, string token)
    {
        var keys = new JsonWebKeySet([JsonWebKey.Parse(key)]);
        var algorithm = SignatureAlgorithm.Find(alg)!;

        Assert.Equal(JwtFault.None, CompactJws.Read(token, CompactJws.DefaultMaxLength, out var jws));
        Assert.True(jws!.TryVerify(keys, [algorithm], out _, out _));

        var other = token[..^3] + (token[^3] == 'A' ? 'B' : 'A') + token[^2..];
        Assert.Equal(JwtFault.None, CompactJws.Read(other, CompactJws.DefaultMaxLength, out jws));
        Assert.False(jws!.TryVerify(keys, [algorithm], out _, out var fault));
        Assert.Equal(JwtFault.BadSignature, fault);
    }

    [Fact]
    [Spec("RFC 7515 §A.1")]
    public void The_claims_of_the_example_are_read()
    {
        Assert.True(Jwt.Read(HmacToken).TryGet(out var token, out _));
        Assert.Equal("joe", token.UnverifiedClaims.Issuer);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1300819380), token.UnverifiedClaims.ExpiresAt);
        Assert.Equal("JWT", token.Jws.Typ);
    }

    [Fact]
    [Spec("RFC 7515 §A.1")]
    public void The_same_bytes_give_the_published_signature()
    {
        var credential = SigningCredential.FromJsonWebKey(JsonWebKey.Parse(HmacKey), SignatureAlgorithm.HS256);
        var header = Encoding.UTF8.GetBytes("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
        var payload = Encoding.UTF8.GetBytes("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
        Assert.Equal(HmacToken, CompactJws.Sign(credential, header, payload));
    }

    [Fact]
    [Spec("RFC 7515 §A.5")]
    [Spec("RFC 8725 §3.2")]
    public void The_unsecured_example_never_verifies()
    {
        var token = $"eyJhbGciOiJub25lIn0.{Payload}.";
        Assert.True(Jwt.Read(token).TryGet(out var jwt, out _));
        Assert.False(Jwt.TryVerify(jwt, new JsonWebKeySet([JsonWebKey.Parse(EcKey)]), SignatureAlgorithm.All, JwtType.Plain, out _, out var fault));
        Assert.Equal(JwtFault.UnknownAlgorithm, fault);
        Assert.Null(SignatureAlgorithm.Find("none"));
    }
}
