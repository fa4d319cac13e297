using System.Buffers.Text;
using System.Text;
using AuthServer.Engine.Jose;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Jose;

/// <summary>Valid tokens, damaged in every way a sender could think of: nothing throws, and nothing but the token itself is believed.</summary>
public sealed class MutationTests
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\0é\"{}";

    private static readonly string[] _headers =
    [
        """{"alg":"none"}""", """{"alg":"None","typ":"at+jwt"}""", """{"alg":"HS256","typ":"at+jwt","kid":"sample"}""", """{"alg":"RS256","typ":"at+jwt"}""",
        """{"alg":"ES384","typ":"at+jwt","kid":"sample"}""", """{"alg":"ES256","typ":"at+jwt","kid":"../../dev/null"}""", "{}", "[]", "0", "\"\"",
        """{"alg":"ES256","typ":"at+jwt","jwk":{"kty":"oct","k":"AAAA"}}""", """{"alg":["ES256"]}""", """{"alg":"ES256","typ":"JWT"}""",
    ];

    [Theory]
    [Spec("RFC 8725 §3.1")]
    [Spec("RFC 8725 §3.3")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_damaged_token_never_verifies_and_never_throws(ulong seed)
    {
        var random = new Xorshift(seed * 0x9E3779B97F4A7C15);
        var valid = JwtSample.AccessToken();
        var donor = JwtSample.AccessToken(writer => writer.WriteBoolean("admin", true), typ: "JWT");
        Assert.Equal(JwtFault.None, JwtSample.Verify(valid));

        for (var i = 0; i < 3000; i++)
        {
            var mutant = Mutate(valid, donor, random);
            if (mutant == valid) continue;
            Assert.True(JwtSample.Verify(mutant, allowed: [.. SignatureAlgorithm.All]) != JwtFault.None, mutant);
        }
    }

    [Fact]
    [Spec("RFC 7515 §5.2")]
    public void Each_single_bit_of_each_part_counts()
    {
        var valid = JwtSample.AccessToken();
        var parts = valid.Split('.');
        for (var part = 0; part < 3; part++)
        {
            var bytes = Base64Url.DecodeFromChars(parts[part]);
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                var damaged = (string[])parts.Clone();
                damaged[part] = Base64Url.EncodeToString(bytes);
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.NotEqual(JwtFault.None, JwtSample.Verify(string.Join('.', damaged)));
            }
        }
    }

    [Fact]
    [Spec("RFC 7516 §11")]
    public void Damaged_encrypted_content_never_decrypts_and_never_throws()
    {
        var random = new Xorshift(0xD1B54A32D192ED03);
        foreach (var (key, alg, enc) in JweTests.Combinations().Where((_, index) => index % 3 == 0))
        {
            var valid = Jwe.EncryptJwt(key.ToPublic(), alg, enc, "a.b.c");
            var donor = Jwe.EncryptJwt(key.ToPublic(), alg, enc, "d.e.f");
            for (var i = 0; i < 150; i++)
            {
                var mutant = Mutate(valid, donor, random);
                if (mutant != valid) Assert.False(Jwe.TryDecrypt(mutant, key, out _), mutant);
            }
        }
    }

    private static string Mutate(string valid, string donor, Xorshift random)
    {
        var parts = valid.Split('.');
        var which = random.Below(parts.Length);
        switch (random.Below(9))
        {
            case 0: return Replace(valid, random.Below(valid.Length), Letters[random.Below(Letters.Length)]);
            case 1: return valid[..random.Below(valid.Length)];
            case 2: return valid[random.Below(valid.Length)..];
            case 3: return valid.Insert(random.Below(valid.Length), Letters[random.Below(Letters.Length)].ToString());
            case 4: return valid.Remove(random.Below(valid.Length), 1);
            case 5: parts[which] = ""; break;
            case 6: parts[which] = donor.Split('.')[which]; return string.Join('.', parts) == donor ? valid : string.Join('.', parts);
            case 7: parts[0] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(_headers[random.Below(_headers.Length)])); break;
            default: parts[which] = DamageBytes(parts[which], random); break;
        }
        return string.Join('.', parts);
    }

    private static string DamageBytes(string part, Xorshift random)
    {
        var bytes = Base64Url.DecodeFromChars(part);
        for (var n = 1 + random.Below(4); n > 0 && bytes.Length > 0; n--) bytes[random.Below(bytes.Length)] = (byte)random.Below(256);
        return Base64Url.EncodeToString(bytes);
    }

    private static string Replace(string text, int at, char with) => string.Concat(text.AsSpan(0, at), [with], text.AsSpan(at + 1));
}
