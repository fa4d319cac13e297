using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthServer.Engine.Jose;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Jose;

public sealed class JweTests
{
    private static readonly JsonWebKey _rsa = NewRsa();
    private static readonly JsonWebKey _p256 = NewEc(ECCurve.NamedCurves.nistP256);
    private static readonly JsonWebKey _p384 = NewEc(ECCurve.NamedCurves.nistP384);
    private static readonly JsonWebKey _p521 = NewEc(ECCurve.NamedCurves.nistP521);

    public static IEnumerable<(JsonWebKey Key, string Alg, string Enc)> Combinations() =>
        from key in new[] { _rsa, _p256, _p384, _p521 }
        from enc in Jwe.ContentAlgorithms
        select (key, key.Kty == KeyTypes.Rsa ? Jwe.RsaOaep256 : Jwe.EcdhEs, enc);

    [Fact]
    [Spec("RFC 7518 App. C")]
    public void The_published_key_agreement_gives_the_published_key()
    {
        var alice = JsonWebKey.Parse("""
            {"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps","d":"0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo"}
            """);
        var bob = JsonWebKey.Parse("""
            {"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ","y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}
            """);
        using var ours = ECDiffieHellman.Create(alice.ToEcParameters(includePrivate: true));
        using var theirs = ECDiffieHellman.Create(bob.ToEcParameters(includePrivate: false));
        var agreed = ours.DeriveRawSecretAgreement(theirs.PublicKey);
        Assert.Equal("VqqN6vgjbSBcIijNcacQGg", Base64Url.EncodeToString(ConcatKdf.Derive(agreed, "A128GCM", "Alice"u8, "Bob"u8, 16)));

        // The way a recipient comes to it.
        const string Header = """
            {"alg":"ECDH-ES","enc":"A128GCM","apu":"QWxpY2U","apv":"Qm9i","epk":{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"}}
            """;
        Assert.True(JweParts.TryRead($"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Header))}....", out var parts));
        Assert.True(JweKey.TryRecover(bob, parts, out var key));
        Assert.Equal("VqqN6vgjbSBcIijNcacQGg", Base64Url.EncodeToString(key));
    }

    [Fact]
    [Spec("RFC 7516 §5")]
    public void What_is_encrypted_for_a_key_is_read_with_that_key_only()
    {
        foreach (var (key, alg, enc) in Combinations())
        {
            Assert.True(Jwe.CanEncrypt(key, alg, enc));
            var text = Jwe.Encrypt(key.ToPublic(), alg, enc, "the content"u8);
            Assert.True(Jwe.TryDecrypt(text, new JsonWebKeySet([_rsa, _p256, _p384, _p521]), out var content), $"{alg} {enc} {key.Crv}");
            Assert.Equal("the content", Encoding.UTF8.GetString(content.Plaintext.Span));
            Assert.Equal((alg, enc), (content.Alg, content.Enc));
            Assert.False(Jwe.TryDecrypt(text, key.Kty == KeyTypes.Rsa ? NewRsa() : NewEc(EllipticCurve.Find(key.Crv)!.Curve), out _));
            Assert.False(Jwe.TryDecrypt(text, key.ToPublic(), out _));
        }
    }

    [Fact]
    [Spec("RFC 7519 §11.2")]
    public void A_signed_token_can_be_wrapped()
    {
        var signed = JwtSample.AccessToken();
        var text = Jwe.EncryptJwt(_p256.ToPublic(), Jwe.EcdhEs, "A256GCM", signed);
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(text.AsSpan(0, text.IndexOf('.', StringComparison.Ordinal))));
        Assert.Equal("JWT", header.RootElement.GetProperty("cty").GetString());
        Assert.False(header.RootElement.GetProperty("epk").TryGetProperty("d", out _));
        Assert.True(Jwe.TryDecrypt(text, _p256, out var content));
        Assert.Equal(signed, content.NestedJwt);
        Assert.Equal(JwtFault.None, JwtSample.Verify(content.NestedJwt!));
    }

    [Theory]
    [Spec("RFC 7516 §4.1.3")]
    [Spec("RFC 7516 §4.1.13")]
    [Spec("RFC 8725 §3.6")]
    [InlineData("\"zip\":\"DEF\"")]
    [InlineData("\"crit\":[\"exp\"]")]
    [InlineData("\"kid\":7")]
    [InlineData("\"enc\":\"A128GCM\"")]
    public void A_header_that_asks_for_more_is_refused(string member)
    {
        var text = Jwe.Encrypt(_rsa.ToPublic(), Jwe.RsaOaep256, "A128GCM", "x"u8);
        var parts = text.Split('.');
        parts[0] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"RSA-OAEP-256","enc":"A128GCM",{{member}}}"""));
        Assert.False(JweParts.TryRead(string.Join('.', parts), out _));
    }

    [Fact]
    [Spec("RFC 7516 §5.2")]
    public void Direct_agreement_leaves_no_place_for_a_key()
    {
        // The tag does not cover this part, so whatever stood there would be a second form of the same message.
        var parts = Jwe.Encrypt(_p256.ToPublic(), Jwe.EcdhEs, "A128GCM", "x"u8).Split('.');
        Assert.True(Jwe.TryDecrypt(string.Join('.', parts), _p256, out _));
        parts[1] = "AAAA";
        Assert.False(Jwe.TryDecrypt(string.Join('.', parts), _p256, out _));
    }

    [Fact]
    [Spec("RFC 7518 §4.2")]
    public void Old_algorithms_and_unfit_keys_are_not_offered()
    {
        Assert.False(Jwe.CanEncrypt(_rsa, "RSA1_5", "A128GCM"));
        Assert.False(Jwe.CanEncrypt(_rsa, "RSA-OAEP", "A128GCM"));
        Assert.False(Jwe.CanEncrypt(_rsa, Jwe.EcdhEs, "A128GCM"));
        Assert.False(Jwe.CanEncrypt(_p256, Jwe.RsaOaep256, "A128GCM"));
        Assert.False(Jwe.CanEncrypt(_p256, Jwe.EcdhEs, "A192GCM"));
        Assert.Throws<ArgumentException>(() => Jwe.Encrypt(_p256, Jwe.RsaOaep256, "A128GCM", "x"u8));
        Assert.False(Jwe.CanEncrypt(JwtSample.PrivateKey, Jwe.EcdhEs, "A128GCM"), "a key for signatures");
    }

    private static JsonWebKey NewRsa()
    {
        using var rsa = RSA.Create(2048);
        return JsonWebKey.FromRsa(rsa, includePrivate: true, use: "enc");
    }

    private static JsonWebKey NewEc(ECCurve curve)
    {
        using var ecdh = ECDiffieHellman.Create(curve);
        return JsonWebKey.FromEcdh(ecdh, includePrivate: true);
    }
}
