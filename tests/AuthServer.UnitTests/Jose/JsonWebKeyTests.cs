using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.Jose;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Jose;

public sealed class JsonWebKeyTests
{
    private const string RsaModulus =
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    private const string EcMembers =
        "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\",\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"";

    private const string PublicSet =
        $$"""{"keys":[{{{EcMembers}},"use":"enc","kid":"1"},{"kty":"RSA","n":"{{RsaModulus}}","e":"AQAB","alg":"RS256","kid":"2011-04-29"}]}""";

    [Fact]
    [Spec("RFC 7517 §A.1")]
    public void The_published_set_of_public_keys_is_read_and_written_back()
    {
        var set = JsonWebKeySet.Parse(PublicSet);
        Assert.Equal(["1", "2011-04-29"], set.Keys.Select(key => key.Kid!));
        Assert.Equal(("EC", "P-256", "enc", 256), (set.Keys[0].Kty, set.Keys[0].Crv, set.Keys[0].Use, set.Keys[0].KeySize));
        Assert.Equal(("RSA", "RS256", 2048), (set.Keys[1].Kty, set.Keys[1].Alg, set.Keys[1].KeySize));

        using var written = JsonDocument.Parse(Write(set.WritePublic));
        using var published = JsonDocument.Parse(PublicSet);
        Assert.True(JsonElement.DeepEquals(published.RootElement, written.RootElement));
    }

    [Fact]
    [Spec("RFC 7517 §A.2")]
    public void A_private_key_says_so_and_is_never_written_as_a_public_one()
    {
        var key = JsonWebKey.Parse($$"""{{{EcMembers}},"d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE","use":"enc","kid":"1"}""");
        Assert.True(key.HasPrivatePart);
        Assert.DoesNotContain("870MB6gfuTJ4", Write(key.WritePublic), StringComparison.Ordinal);
        Assert.DoesNotContain("\"d\"", Write(key.WritePublic), StringComparison.Ordinal);
        Assert.Contains("870MB6gfuTJ4", Write(key.WritePrivate), StringComparison.Ordinal);
        Assert.False(key.ToPublic().HasPrivatePart);
        Assert.Equal(key.Thumbprint(), key.ToPublic().Thumbprint());
    }

    [Fact]
    [Spec("RFC 7517 §A.3")]
    public void Symmetric_keys_are_read_and_have_no_public_form()
    {
        var set = JsonWebKeySet.Parse("""
            {"keys":[{"kty":"oct","alg":"A128KW","k":"GawgguFyGrWKav7AX4VKUg"},
                     {"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow","kid":"HMAC key used in JWS spec Appendix A.1 example"}]}
            """);
        Assert.Equal([128, 512], set.Keys.Select(key => key.KeySize));
        Assert.All(set.Keys, key => Assert.True(key.HasPrivatePart));
        Assert.Throws<InvalidOperationException>(() => Write(set.Keys[1].WritePublic));
        Assert.Throws<InvalidOperationException>(() => set.Keys[1].ToPublic());
    }

    [Fact]
    [Spec("RFC 7638 §3.1")]
    public void The_thumbprint_is_the_published_one() =>
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", JsonWebKeySet.Parse(PublicSet).Keys[1].Thumbprint());

    [Fact]
    [Spec("RFC 7638 §3.2")]
    public void A_leading_zero_in_the_modulus_does_not_make_another_key()
    {
        var padded = Convert.ToBase64String([0, .. JsonWebKey.Bytes(RsaModulus)]).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var key = JsonWebKey.Parse($$"""{"kty":"RSA","e":"AQAB","n":"{{padded}}"}""");
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key.Thumbprint());
        Assert.Equal(2048, key.KeySize);
    }

    [Fact]
    [Spec("RFC 7517 §5")]
    [Spec("RFC 8037 §2")]
    public void Keys_that_are_not_understood_are_skipped()
    {
        var set = JsonWebKeySet.Parse($$"""
            {"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
                     {"kty":"EC","crv":"secp256k1","x":"AAAA","y":"AAAA"}, {"kty":7}, {"kty":"quantum"}, 5, null,
                     {{{EcMembers}},"x5c":["ignored"]} ], "more":1}
            """);
        Assert.Equal("EC", Assert.Single(set.Keys).Kty);
    }

    [Theory]
    [Spec("RFC 7517 §5")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("""{"keys":[]} trailing""")]
    public void What_is_no_set_is_refused_without_an_exception(string json) => Assert.False(JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(json), out _));

    [Theory]
    [Spec("RFC 7518 §6.2.1.2")]
    [Spec("RFC 7518 §6.3.1")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7A","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}""")]
    [InlineData("""{"kty":"EC","crv":"P-384","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4=","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}""")]
    [InlineData("""{"kty":"RSA","n":"","e":"AQAB"}""")]
    [InlineData("""{"kty":"RSA","n":"AAAA","e":"AQAB"}""")]
    [InlineData("""{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN","e":"AQ"}""")]
    [InlineData("""{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN","e":"Ag"}""")]
    [InlineData("""{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN","e":"AQAB","d":"AQAB"}""")]
    [InlineData("""{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN","e":65537}""")]
    [InlineData("""{"kty":"oct","k":""}""")]
    [InlineData("""{"kty":"oct"}""")]
    [InlineData("""{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg","kid":5}""")]
    [InlineData("""{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg","key_ops":"sign"}""")]
    public void A_key_with_missing_or_malformed_members_is_refused(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.False(JsonWebKey.TryParse(document.RootElement, out _));
    }

    [Fact]
    [Spec("RFC 7518 §6.2.1.3")]
    public void A_point_that_is_not_on_its_curve_verifies_and_encrypts_nothing()
    {
        var key = JsonWebKey.Parse("""
            {"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyA"}
            """);
        Assert.Null(key.CreateVerifier(SignatureAlgorithm.ES256));
        Assert.False(Jwe.CanEncrypt(key, Jwe.EcdhEs, "A128GCM"));
    }

    [Fact]
    [Spec("RFC 7518 §3.3")]
    [Spec("RFC 7518 §3.2")]
    public void Weak_keys_do_not_verify()
    {
        using var rsa = RSA.Create(1024);
        Assert.Null(JsonWebKey.FromRsa(rsa, includePrivate: false).CreateVerifier(SignatureAlgorithm.RS256));
        Assert.Throws<ArgumentException>(() => SigningCredential.FromRsa(rsa, SignatureAlgorithm.RS256, null));
        Assert.Null(JsonWebKey.FromSymmetric(new byte[31]).CreateVerifier(SignatureAlgorithm.HS256));
        Assert.NotNull(JsonWebKey.FromSymmetric(new byte[32]).CreateVerifier(SignatureAlgorithm.HS256));
    }

    [Fact]
    public void A_verifier_is_made_once()
    {
        var key = JsonWebKeySet.Parse(PublicSet).Keys[1];
        Assert.Same(key.CreateVerifier(SignatureAlgorithm.RS256), key.CreateVerifier(SignatureAlgorithm.RS256));
        // The key says RS256, so it is not for anything else.
        Assert.Null(key.CreateVerifier(SignatureAlgorithm.PS256));
    }

    [Fact]
    [Spec("RFC 7515 §4.1.4")]
    public void Candidates_are_found_by_name_and_otherwise_by_fitness()
    {
        using var one = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var named = JsonWebKey.FromEcdsa(one, includePrivate: false, kid: "a");
        var nameless = JsonWebKey.FromEcdsa(one, includePrivate: false);
        var forEncryption = JsonWebKey.FromEcdsa(one, includePrivate: false, kid: "e", use: "enc");
        var other = JsonWebKey.FromRsa(rsa, includePrivate: false, kid: "r");
        var set = new JsonWebKeySet([named, nameless, forEncryption, other]);

        Assert.Equal([named], set.Candidates("a", SignatureAlgorithm.ES256));
        Assert.Empty(set.Candidates("a", SignatureAlgorithm.ES384));
        Assert.Empty(set.Candidates("e", SignatureAlgorithm.ES256));
        Assert.Empty(set.Candidates("r", SignatureAlgorithm.ES256));
        Assert.Equal([named, nameless], set.Candidates(null, SignatureAlgorithm.ES256));
        Assert.Equal([nameless], set.Candidates("unknown", SignatureAlgorithm.ES256));
        Assert.Empty(new JsonWebKeySet([named]).Candidates("unknown", SignatureAlgorithm.ES256));
        Assert.Empty(new JsonWebKeySet([nameless, nameless]).Candidates("unknown", SignatureAlgorithm.ES256));
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
