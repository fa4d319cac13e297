using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuthServer.Engine.Jose;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.PeerTests.Jose;

/// <summary>Against the npm package <c>jose</c>, which shares no code with ours: what one writes the other reads, with every algorithm, both ways.</summary>
public sealed class JoseInteropTests
{
    private const string Script = "jose-interop.mjs";
    private const long Now = 1772366400;

    private static readonly JwtExpectations _expectations =
        new() { Now = DateTimeOffset.FromUnixTimeSeconds(Now), Issuer = "https://issuer.example", Audiences = ["https://api.example"] };

    [Fact]
    [Spec("RFC 7515 §5.1")]
    [Spec("RFC 7519 §7.1")]
    public async Task Tokens_that_we_sign_are_accepted_by_jose()
    {
        var tasks = new JsonArray();
        foreach (var algorithm in SignatureAlgorithm.All)
        {
            var key = NewKey(algorithm);
            using var credential = SigningCredential.FromJsonWebKey(key, algorithm);
            var jwk = algorithm.IsSymmetric ? Json(key.WritePrivate) : Json(key.WritePublic);
            tasks.Add(new JsonObject
            {
                ["task"] = "verify", ["alg"] = algorithm.Name, ["typ"] = "at+jwt", ["jwk"] = jwk, ["token"] = Sign(credential), ["now"] = Now,
                ["issuer"] = "https://issuer.example", ["audience"] = "https://api.example",
            });
        }

        var answers = await RunAsync(tasks);
        for (var i = 0; i < answers.Count; i++)
        {
            Assert.Equal(SignatureAlgorithm.All[i].Name, (string?)answers[i]["protectedHeader"]!["alg"]);
            Assert.Equal("at+jwt", (string?)answers[i]["protectedHeader"]!["typ"]);
            Assert.Equal("Zoë +<\"&> 😀", (string?)answers[i]["payload"]!["name"]);
        }
    }

    [Fact]
    [Spec("RFC 7517 §5")]
    public async Task Jose_finds_our_key_in_our_published_set()
    {
        var keys = SignatureAlgorithm.Asymmetric.Select(algorithm => (Algorithm: algorithm, Key: NewKey(algorithm))).ToArray();
        var published = Json(new JsonWebKeySet([.. keys.Select(one => one.Key)]).WritePublic);
        var tasks = new JsonArray();
        foreach (var (algorithm, key) in keys)
        {
            using var credential = SigningCredential.FromJsonWebKey(key, algorithm);
            tasks.Add(new JsonObject { ["task"] = "verifyWithSet", ["jwks"] = published.DeepClone(), ["token"] = Sign(credential), ["now"] = Now });
        }
        Assert.All(await RunAsync(tasks), answer => Assert.Equal("248289761001", (string?)answer["payload"]!["sub"]));
    }

    [Fact]
    [Spec("RFC 7515 §5.2")]
    [Spec("RFC 7517 §4")]
    public async Task Tokens_that_jose_signs_are_accepted_by_us()
    {
        var tasks = new JsonArray();
        foreach (var algorithm in SignatureAlgorithm.All)
        {
            tasks.Add(new JsonObject
            {
                ["task"] = "sign", ["alg"] = algorithm.Name, ["typ"] = "at+jwt",
                ["claims"] = new JsonObject { ["iss"] = "https://issuer.example", ["aud"] = new JsonArray("x", "https://api.example"), ["exp"] = Now + 60, ["name"] = "Zoë" },
            });
        }

        var answers = await RunAsync(tasks);
        var all = JsonWebKeySet.Parse(new JsonObject { ["keys"] = new JsonArray([.. answers.Select(answer => answer["jwk"]!.DeepClone())]) }.ToJsonString());
        Assert.Equal(SignatureAlgorithm.All.Count, all.Keys.Count);
        for (var i = 0; i < answers.Count; i++)
        {
            var algorithm = SignatureAlgorithm.All[i];
            var token = (string)answers[i]["token"]!;
            Assert.True(Jwt.TryVerify(token, all, [algorithm], JwtType.AccessToken, _expectations, out var verified, out var fault), $"{algorithm}: {fault}");
            Assert.True(verified.Claims.TryGetString("name", out var name));
            Assert.Equal("Zoë", name);
            Assert.Equal((string?)answers[i]["thumbprint"], verified.Signer.Thumbprint());

            // Their private key works here too, and says the same about itself.
            using var credential = SigningCredential.FromJsonWebKey(JsonWebKey.Parse(answers[i]["privateJwk"]!.ToJsonString()), algorithm);
            Assert.True(Jwt.TryVerify(Sign(credential), new JsonWebKeySet([verified.Signer]), [algorithm], JwtType.AccessToken, _expectations, out _, out _));
        }
    }

    [Fact]
    [Spec("RFC 7638 §3")]
    public async Task Both_give_a_key_the_same_thumbprint()
    {
        var keys = SignatureAlgorithm.All.Select(NewKey).ToArray();
        var tasks = new JsonArray([.. keys.Select(key => new JsonObject { ["task"] = "thumbprint", ["jwk"] = Json(key.WritePrivate) })]);
        Assert.Equal(keys.Select(key => key.Thumbprint()), (await RunAsync(tasks)).Select(answer => (string?)answer["thumbprint"]));
    }

    [Fact]
    [Spec("RFC 7516 §5.1")]
    [Spec("RFC 7518 §4.6")]
    public async Task What_we_encrypt_jose_decrypts()
    {
        var tasks = new JsonArray();
        foreach (var (alg, crv) in Recipients())
        {
            foreach (var enc in Jwe.ContentAlgorithms)
            {
                var key = NewRecipient(crv);
                tasks.Add(new JsonObject
                {
                    ["task"] = "decrypt", ["alg"] = alg, ["enc"] = enc, ["jwk"] = Json(key.WritePrivate),
                    ["token"] = Jwe.EncryptJwt(key.ToPublic(), alg, enc, "header.payload.signature"),
                });
            }
        }
        foreach (var answer in await RunAsync(tasks))
        {
            Assert.Equal("header.payload.signature", (string?)answer["plaintext"]);
            Assert.Equal("JWT", (string?)answer["protectedHeader"]!["cty"]);
        }
    }

    [Fact]
    [Spec("RFC 7516 §5.2")]
    [Spec("RFC 7518 §4.6.2")]
    public async Task What_jose_encrypts_we_decrypt()
    {
        var tasks = new JsonArray();
        foreach (var (alg, crv) in Recipients())
        {
            foreach (var enc in Jwe.ContentAlgorithms)
            {
                tasks.Add(new JsonObject
                {
                    ["task"] = "encrypt", ["alg"] = alg, ["enc"] = enc, ["crv"] = crv, ["plaintext"] = "header.payload.signature", ["parties"] = crv == "P-384",
                });
            }
        }
        foreach (var answer in await RunAsync(tasks))
        {
            Assert.True(Jwe.TryDecrypt((string)answer["token"]!, JsonWebKey.Parse(answer["jwk"]!.ToJsonString()), out var content), answer.ToJsonString());
            Assert.Equal("header.payload.signature", content.NestedJwt);
        }
    }

    private static async Task<IReadOnlyList<JsonObject>> RunAsync(JsonArray tasks)
    {
        var answers = (await NodePeers.RunAsync(Script, tasks)).AsArray();
        Assert.Equal(tasks.Count, answers.Count);
        for (var i = 0; i < answers.Count; i++)
            Assert.True(answers[i]!["error"] is null, $"{tasks[i]!["task"]} {tasks[i]!["alg"]} {tasks[i]!["enc"]}: {answers[i]!["error"]}");
        return [.. answers.Select(answer => answer!.AsObject())];
    }

    private static string Sign(SigningCredential credential) => Jwt.Sign(credential, "at+jwt", static (writer, now) =>
    {
        writer.WriteString("iss", "https://issuer.example");
        writer.WriteString("sub", "248289761001");
        writer.WriteString("aud", "https://api.example");
        writer.WriteNumber("iat", now);
        writer.WriteNumber("exp", now + 60);
        writer.WriteString("name", "Zoë +<\"&> 😀");
    }, Now);

    private static IEnumerable<(string Alg, string? Crv)> Recipients() =>
        [(Jwe.RsaOaep256, null), (Jwe.EcdhEs, "P-256"), (Jwe.EcdhEs, "P-384"), (Jwe.EcdhEs, "P-521")];

    private static JsonWebKey NewRecipient(string? crv)
    {
        if (crv is null)
        {
            using var rsa = RSA.Create(2048);
            return JsonWebKey.FromRsa(rsa, includePrivate: true, use: "enc");
        }
        using var ecdh = ECDiffieHellman.Create(Curve(crv));
        return JsonWebKey.FromEcdh(ecdh, includePrivate: true);
    }

    private static JsonWebKey NewKey(SignatureAlgorithm algorithm)
    {
        if (algorithm.IsSymmetric) return JsonWebKey.FromSymmetric(RandomNumberGenerator.GetBytes(32), algorithm.Name);
        if (algorithm.Crv is null)
        {
            using var rsa = RSA.Create(2048);
            return JsonWebKey.FromRsa(rsa, includePrivate: true, algorithm.Name, algorithm.Name);
        }
        using var ecdsa = ECDsa.Create(Curve(algorithm.Crv));
        return JsonWebKey.FromEcdsa(ecdsa, includePrivate: true, algorithm.Name, algorithm.Name);
    }

    private static ECCurve Curve(string crv) => crv switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        _ => ECCurve.NamedCurves.nistP521,
    };

    private static JsonNode Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return JsonNode.Parse(Encoding.UTF8.GetString(buffer.ToArray()))!;
    }
}
