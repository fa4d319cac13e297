using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Jose;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.UnitTests.Jose;

public sealed class SigningCredentialTests
{
    public static TheoryData<string> Algorithms => [.. SignatureAlgorithm.All.Select(algorithm => algorithm.Name)];

    [Theory]
    [Spec("RFC 7518 §3.1")]
    [MemberData(nameof(Algorithms))]
    public void Each_algorithm_signs_and_verifies_with_its_own_key_and_no_other(string name)
    {
        var algorithm = SignatureAlgorithm.Find(name)!;
        var key = NewKey(algorithm);
        using var credential = SigningCredential.FromJsonWebKey(key, algorithm);
        var content = Encoding.ASCII.GetBytes("header.payload");
        var signature = new byte[credential.SignatureSize];
        Assert.True(credential.TrySign(content, signature, out var written));
        Assert.Equal(signature.Length, written);

        Assert.True(key.CreateVerifier(algorithm)!.Verify(content, signature));
        Assert.False(NewKey(algorithm).CreateVerifier(algorithm)!.Verify(content, signature));
        Assert.False(key.CreateVerifier(algorithm)!.Verify(content, signature.AsSpan(1)));
        Assert.False(key.CreateVerifier(algorithm)!.Verify(content, []));
        Assert.False(key.CreateVerifier(algorithm)!.Verify(content, new byte[signature.Length]));
        foreach (var other in SignatureAlgorithm.All.Where(other => other.Kty != algorithm.Kty || other.Crv != algorithm.Crv))
            Assert.Null(key.CreateVerifier(other));
    }

    [Theory]
    [Spec("RFC 7518 §3.4")]
    [InlineData("ES256", 64)]
    [InlineData("ES384", 96)]
    [InlineData("ES512", 132)]
    public void Elliptic_signatures_are_two_numbers_of_fixed_size(string name, int size)
    {
        var algorithm = SignatureAlgorithm.Find(name)!;
        using var credential = SigningCredential.FromJsonWebKey(NewKey(algorithm), algorithm);
        Assert.Equal(size, credential.SignatureSize);
    }

    [Fact]
    public void One_key_signs_for_many_threads_at_once()
    {
        foreach (var algorithm in new[] { SignatureAlgorithm.ES256, SignatureAlgorithm.RS256, SignatureAlgorithm.HS256 })
        {
            var key = NewKey(algorithm);
            using var credential = SigningCredential.FromJsonWebKey(key, algorithm);
            var keys = new JsonWebKeySet([key]);
            var wrong = 0;
            Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
            {
                var token = Jwt.Sign(credential, "at+jwt", static (writer, i) => writer.WriteNumber("n", i), i);
                if (!Jwt.Read(token).TryGet(out var jwt, out _)
                    || !Jwt.TryVerify(jwt, keys, [algorithm], JwtType.AccessToken, out var verified, out _)
                    || verified.Claims.Json.GetProperty("n").GetInt32() != i) Interlocked.Increment(ref wrong);
            });
            Assert.Equal(0, wrong);
        }
    }

    [Fact]
    public void Minting_allocates_little_more_than_the_token()
    {
        // Warm: the header of this type is made, and this thread has its buffers.
        var length = JwtSample.AccessToken().Length;
        JwtSample.AccessToken();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) JwtSample.AccessToken();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Assert.True(each < (2 * length) + 1500, $"{each} bytes for a token of {length} characters");
    }

    [Fact]
    public void A_credential_takes_only_a_key_that_fits()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        Assert.Throws<ArgumentException>(() => SigningCredential.FromEcdsa(p384, SignatureAlgorithm.ES256, null));
        Assert.Throws<ArgumentException>(() => SigningCredential.FromRsa(rsa, SignatureAlgorithm.ES256, null));
        Assert.Throws<ArgumentException>(() => SigningCredential.FromJsonWebKey(JsonWebKey.FromRsa(rsa, includePrivate: false), SignatureAlgorithm.RS256));
        Assert.Throws<ArgumentException>(() => SigningCredential.FromJsonWebKey(JsonWebKey.FromSymmetric(new byte[16]), SignatureAlgorithm.HS256));
    }

    [Fact]
    public void A_short_shared_secret_works_only_where_it_is_asked_for_by_name()
    {
        using var credential = SigningCredential.FromSharedSecret("short"u8);
        var token = Jwt.Sign(credential, "JWT", "{}"u8);
        Assert.Equal(JwtFault.None, CompactJws.Read(token, CompactJws.DefaultMaxLength, out var jws));
        Assert.True(jws!.Verify(SignatureVerifier.FromSharedSecret("short"u8)));
        Assert.False(jws.Verify(SignatureVerifier.FromSharedSecret("other"u8)));
        Assert.False(jws.TryVerify(new JsonWebKeySet([JsonWebKey.FromSymmetric("short"u8)]), [SignatureAlgorithm.HS256], out _, out _));
    }

    private static JsonWebKey NewKey(SignatureAlgorithm algorithm)
    {
        switch (algorithm.Kty)
        {
            case KeyTypes.Rsa:
                using (var rsa = RSA.Create(2048)) return JsonWebKey.FromRsa(rsa, includePrivate: true, kid: "k");
            case KeyTypes.Ec:
                using (var ecdsa = ECDsa.Create(EllipticCurve.Find(algorithm.Crv)!.Curve)) return JsonWebKey.FromEcdsa(ecdsa, includePrivate: true, kid: "k");
            default:
                return JsonWebKey.FromSymmetric(RandomNumberGenerator.GetBytes(32), "k");
        }
    }
}
