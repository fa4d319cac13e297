using System.Text;
using System.Text.Json;
using AuthServer.Engine.Jose;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Jose;

public sealed class JwtTests
{
    private const string Claims = """{"iss":"https://issuer.example","aud":"https://api.example","exp":1772366700}""";

    [Fact]
    [Spec("RFC 7519 §3")]
    [Spec("RFC 9068 §2")]
    public void A_token_says_what_was_written()
    {
        var text = JwtSample.AccessToken(writer => writer.WriteString("name", "Zoë \"+<>&'\\ \U0001F600"));
        Assert.True(Jwt.TryVerify(text, JwtSample.Keys, SignatureAlgorithm.Asymmetric, JwtType.AccessToken, JwtSample.Expectations, out var token, out _));
        Assert.Equal("""{"alg":"ES256","typ":"at+jwt","kid":"sample"}""", token.Jws.Header.GetRawText());
        Assert.Equal(("https://issuer.example", "248289761001", "9c1b1c1f0f"), (token.Claims.Issuer, token.Claims.Subject, token.Claims.Id));
        Assert.Equal(["https://api.example"], token.Claims.Audience);
        Assert.Equal(JwtSample.Now.AddMinutes(5), token.Claims.ExpiresAt);
        Assert.Equal(JwtSample.Now, token.Claims.IssuedAt);
        Assert.Equal("Zoë \"+<>&'\\ \U0001F600", token.Claims.Json.GetProperty("name").GetString());
        Assert.Equal("sample", token.Signer.Kid);
    }

    [Fact]
    public void Signing_inside_signing_does_not_mix_the_two()
    {
        var outer = JwtSample.AccessToken(writer => writer.WriteString("inner", JwtSample.AccessToken()));
        Assert.True(Jwt.Read(outer).TryGet(out var token, out _));
        Assert.True(token.UnverifiedClaims.TryGetString("inner", out var inner));
        Assert.Equal(JwtFault.None, JwtSample.Verify(outer));
        Assert.Equal(JwtFault.None, JwtSample.Verify(inner));
    }

    [Fact]
    public void Claims_that_fail_to_be_written_leave_nothing_behind()
    {
        Assert.Throws<InvalidTimeZoneException>(() => JwtSample.AccessToken(_ => throw new InvalidTimeZoneException()));
        Assert.Equal(JwtFault.None, JwtSample.Verify(JwtSample.AccessToken()));
    }

    [Theory]
    [Spec("RFC 7515 §7.1")]
    [Spec("RFC 7515 §2")]
    [InlineData("", JwtFault.NotThreeParts)]
    [InlineData("a.b", JwtFault.NotThreeParts)]
    [InlineData("{0}.", JwtFault.NotThreeParts)]
    [InlineData(".{0}", JwtFault.NotThreeParts)]
    [InlineData("{0}=", JwtFault.NotBase64Url)]
    [InlineData("{0}\n", JwtFault.NotBase64Url)]
    [InlineData(" {0}", JwtFault.NotBase64Url)]
    [InlineData("{0}+", JwtFault.NotBase64Url)]
    [InlineData("..", JwtFault.HeaderNotJson)]
    public void The_compact_form_is_strict(string shape, JwtFault expected)
    {
        Assert.False(Jwt.Read(shape.Replace("{0}", JwtSample.AccessToken(), StringComparison.Ordinal)).TryGet(out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    [Spec("RFC 7515 §2")]
    public void A_signature_has_one_spelling()
    {
        var token = JwtSample.AccessToken();
        // 64 bytes leave four unused bits in the last character.
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var other = token[..^1] + Letters[Letters.IndexOf(token[^1], StringComparison.Ordinal) | 1];
        Assert.NotEqual(token, other);
        Assert.Equal(JwtFault.NotBase64Url, JwtSample.Verify(other));
    }

    [Fact]
    [Spec("RFC 8725 §3.4")]
    public void A_token_that_is_too_long_is_not_even_looked_at()
    {
        var token = JwtSample.AccessToken(writer => writer.WriteString("filler", new string('x', 13_000)));
        Assert.Equal(JwtFault.TooLarge, JwtSample.Verify(token));
        Assert.True(Jwt.Read(token, maxLength: 32 * 1024).TryGet(out _, out _));
    }

    [Theory]
    [Spec("RFC 7515 §4")]
    [Spec("RFC 7515 §4.1.11")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","alg":"ES256"}""", JwtFault.HeaderNotJson)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","jwk":{"a":1,"a":2}}""", JwtFault.HeaderNotJson)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt"} {}""", JwtFault.HeaderNotJson)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt",}""", JwtFault.HeaderNotJson)]
    [InlineData("""{"alg":"ES256"/**/,"typ":"at+jwt"}""", JwtFault.HeaderNotJson)]
    [InlineData("""["ES256"]""", JwtFault.HeaderNotJson)]
    [InlineData("""{"alg":"ES256","typ":"\uD800"}""", JwtFault.HeaderNotJson)]
    [InlineData("""{"typ":"at+jwt"}""", JwtFault.MalformedHeader)]
    [InlineData("""{"alg":7,"typ":"at+jwt"}""", JwtFault.MalformedHeader)]
    [InlineData("""{"alg":"ES256","typ":7}""", JwtFault.MalformedHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":null}""", JwtFault.MalformedHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","crit":[]}""", JwtFault.CriticalHeader)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","crit":["b64"],"b64":false}""", JwtFault.CriticalHeader)]
    [InlineData("""{"alg":"es256","typ":"at+jwt"}""", JwtFault.UnknownAlgorithm)]
    [InlineData("""{"alg":"none","typ":"at+jwt"}""", JwtFault.UnknownAlgorithm)]
    [InlineData("""{"alg":"RS256","typ":"at+jwt"}""", JwtFault.AlgorithmNotAllowed)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"unknown"}""", JwtFault.NoKey)]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"sample"}""", JwtFault.None)]
    public void The_header_is_strict(string header, JwtFault expected) => Assert.Equal(expected, JwtSample.Verify(JwtSample.Signed(Claims, header)));

    [Theory]
    [Spec("RFC 7519 §4")]
    [Spec("RFC 7519 §2")]
    [InlineData("\"iss\":7")]
    [InlineData("\"sub\":null")]
    [InlineData("\"jti\":[]")]
    [InlineData("\"aud\":[]")]
    [InlineData("\"aud\":{}")]
    [InlineData("\"aud\":[\"a\",7]")]
    [InlineData("\"exp\":\"1772366700\"")]
    [InlineData("\"exp\":-1")]
    [InlineData("\"exp\":1e400")]
    [InlineData("\"exp\":253402300800")]
    [InlineData("\"nbf\":true")]
    [InlineData("\"iat\":9999999999999")]
    [InlineData("\"iat\":null")]
    public void A_registered_claim_of_the_wrong_type_spoils_the_token(string claim)
    {
        Assert.False(Jwt.Read(JwtSample.Signed($"{{{claim}}}")).TryGet(out _, out var fault));
        Assert.Equal(JwtFault.MalformedClaim, fault);
    }

    [Theory]
    [Spec("RFC 7519 §4")]
    [InlineData("""{"sub":"a","sub":"b"}""")]
    [InlineData("""{"sub":"a","s\u0075b":"b"}""")]
    [InlineData("""{"a":{"b":1,"b":2}}""")]
    [InlineData("""{"sub":"a"}{"sub":"b"}""")]
    [InlineData("""{"sub":"\uDC00"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public void A_payload_with_two_meanings_is_refused(string payload)
    {
        Assert.False(Jwt.Read(JwtSample.Signed(payload)).TryGet(out _, out var fault));
        Assert.Equal(JwtFault.PayloadNotJson, fault);
    }

    [Fact]
    [Spec("RFC 7515 §5.2")]
    public void Bytes_that_are_no_UTF_8_are_refused()
    {
        var token = CompactJws.Sign(JwtSample.Signer, """{"alg":"ES256"}"""u8, [.. "{\"sub\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        Assert.False(Jwt.Read(token).TryGet(out _, out var fault));
        Assert.Equal(JwtFault.PayloadNotJson, fault);
    }

    [Fact]
    [Spec("RFC 7519 §2")]
    public void Fractions_of_a_second_are_numbers_too()
    {
        Assert.True(Jwt.Read(JwtSample.Signed("""{"exp":1772366700.5,"iat":1.7723667e9,"nbf":0}""")).TryGet(out var token, out _));
        Assert.Equal(1772366700500, token.UnverifiedClaims.ExpiresAt!.Value.ToUnixTimeMilliseconds());
        Assert.Equal(1772366700, token.UnverifiedClaims.IssuedAt!.Value.ToUnixTimeSeconds());
        Assert.Equal(DateTimeOffset.UnixEpoch, token.UnverifiedClaims.NotBefore);
    }

    [Theory]
    [Spec("RFC 8725 §3.11")]
    [Spec("RFC 9068 §4")]
    [InlineData("at+jwt", true, false, false)]
    [InlineData("application/at+jwt", true, false, false)]
    [InlineData("AT+JWT", true, false, false)]
    [InlineData("JWT", false, true, false)]
    [InlineData("logout+jwt", false, false, true)]
    [InlineData("dpop+jwt", false, false, false)]
    [InlineData("application/x/at+jwt", false, false, false)]
    [InlineData(null, false, true, false)]
    public void A_token_is_good_for_its_own_purpose_only(string? typ, bool access, bool id, bool logout)
    {
        var header = typ is null ? """{"alg":"ES256"}""" : $$"""{"alg":"ES256","typ":"{{typ}}"}""";
        var token = JwtSample.Signed(Claims, header);
        Assert.Equal(access ? JwtFault.None : JwtFault.WrongType, JwtSample.Verify(token, JwtType.AccessToken));
        Assert.Equal(id ? JwtFault.None : JwtFault.WrongType, JwtSample.Verify(token, JwtType.IdToken));
        Assert.Equal(logout ? JwtFault.None : JwtFault.WrongType, JwtSample.Verify(token, JwtType.LogoutToken));
    }

    [Fact]
    [Spec("RFC 8725 §2.1")]
    public void A_public_key_is_never_a_shared_secret()
    {
        // The classic attack: HS256 over the bytes of the public key, whatever form of it the server might take for a secret.
        var jwk = JwtSample.PrivateKey.ToPublic();
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) jwk.WritePublic(writer);

        foreach (var secret in new[] { buffer.ToArray(), Encoding.ASCII.GetBytes(jwk.X!), JsonWebKey.Bytes(jwk.X!), [.. JsonWebKey.Bytes(jwk.X!), .. JsonWebKey.Bytes(jwk.Y!)] })
        {
            using var forger = SigningCredential.FromSharedSecret(secret, "sample");
            var token = Jwt.Sign(forger, "at+jwt", Encoding.UTF8.GetBytes(Claims));
            Assert.Equal(JwtFault.AlgorithmNotAllowed, JwtSample.Verify(token));
            Assert.Equal(JwtFault.NoKey, JwtSample.Verify(token, allowed: [.. SignatureAlgorithm.All]));
        }
        Assert.Null(jwk.CreateVerifier(SignatureAlgorithm.HS256));
        Assert.Throws<ArgumentException>(() => SigningCredential.FromJsonWebKey(JwtSample.PrivateKey, SignatureAlgorithm.HS256));
    }

    [Fact]
    [Spec("RFC 9449 §4.3")]
    public void The_key_in_the_header_of_a_proof_must_be_public()
    {
        var key = JwtSample.PrivateKey.WithKid("proof");
        Assert.True(Embedded(key.WritePublic).TryGetEmbeddedKey(out var found));
        Assert.Equal(key.Thumbprint(), found.Thumbprint());
        Assert.False(Embedded(key.WritePrivate).TryGetEmbeddedKey(out _));
        Assert.False(Embedded(JsonWebKey.FromSymmetric(new byte[32]).WritePrivate).TryGetEmbeddedKey(out _));
        Assert.False(Embedded(writer => writer.WriteStringValue("key")).TryGetEmbeddedKey(out _));

        static CompactJws Embedded(Action<Utf8JsonWriter> write)
        {
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer)) write(writer);
            var token = JwtSample.Signed("{}", $$"""{"alg":"ES256","typ":"dpop+jwt","jwk":{{Encoding.UTF8.GetString(buffer.ToArray())}}}""");
            Assert.Equal(JwtFault.None, CompactJws.Read(token, CompactJws.DefaultMaxLength, out var jws));
            return jws!;
        }
    }
}
