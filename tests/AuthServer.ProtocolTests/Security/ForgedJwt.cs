using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Jose;

namespace AuthServer.ProtocolTests.Security;

/// <summary>Writes JWTs byte by byte, so that they can be wrong in every way our own code cannot write.</summary>
internal sealed record ForgedJwt(string Header, string Payload, Func<byte[], byte[]> Sign)
{
    public override string ToString()
    {
        var signed = Text(Header) + "." + Text(Payload);
        return signed + "." + Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(signed)));
    }

    private static string Text(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    /// <summary>The real key: what the mutation changes is all that is wrong.</summary>
    public static Func<byte[], byte[]> By(SigningCredential credential) => data =>
    {
        var signature = new byte[credential.SignatureSize];
        return credential.TrySign(data, signature, out var written) && written == signature.Length ? signature : throw new InvalidOperationException("not signed");
    };

    public static Func<byte[], byte[]> ByMac(byte[] secret) => data => HMACSHA256.HashData(secret, data);
}

/// <summary>A good token in parts, and where it is presented.</summary>
/// <param name="Alg">Its algorithm.</param>
/// <param name="Type">Its <c>typ</c>.</param>
/// <param name="Claims">Its payload as members without braces; <c>~</c> is a fresh identifier.</param>
/// <param name="Key">Signs as it is signed in truth.</param>
/// <param name="PublicKey">What an attacker knows of the key; null for a shared secret.</param>
internal sealed record JwtSample(string Alg, string Type, string? Kid, IReadOnlyDictionary<string, string> Claims, Func<byte[], byte[]> Key, AsymmetricAlgorithm? PublicKey)
{
    public string Header(string? more = null) => "{\"alg\":\"" + Alg + "\",\"typ\":\"" + Type + "\"" + (Kid is null ? "" : ",\"kid\":\"" + Kid + "\"") + (more is null ? "" : "," + more) + "}";

    public string Payload() => Payload(Claims);

    public string With(string claim, string? json)
    {
        var claims = new Dictionary<string, string>(Claims, StringComparer.Ordinal);
        if (json is null) claims.Remove(claim);
        else claims[claim] = json;
        return Payload(claims);
    }

    private static string Payload(IReadOnlyDictionary<string, string> claims) =>
        "{" + string.Join(',', claims.Select(c => "\"" + c.Key + "\":" + c.Value)).Replace("~", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12)), StringComparison.Ordinal) + "}";
}

/// <summary>Every way of being wrong. The name says what; the token is made fresh for each.</summary>
internal static class JwtMutations
{
    /// <summary>The signature or its announcement is wrong: refused wherever a JWT is taken.</summary>
    public static IEnumerable<(string Name, string Token)> Forged(JwtSample sample)
    {
        foreach (var none in new[] { "none", "None", "NONE", "nOnE" })
        {
            yield return ($"alg {none} unsigned", new ForgedJwt(sample.Header().Replace($"\"{sample.Alg}\"", $"\"{none}\"", StringComparison.Ordinal), sample.Payload(), _ => []).ToString());
            yield return ($"alg {none} signed", new ForgedJwt(sample.Header().Replace($"\"{sample.Alg}\"", $"\"{none}\"", StringComparison.Ordinal), sample.Payload(), sample.Key).ToString());
        }

        foreach (var alg in new[] { "\"RS256\"", "\"RS384\"", "\"RS512\"", "\"PS256\"", "\"ES256\"", "\"ES384\"", "\"ES512\"", "\"ES256K\"", "\"EdDSA\"", "\"HS256\"", "\"HS384\"", "\"HS512\"", "\"RS1\"", "\"rs256\"", "\"es256\"", "\"hs256\"", "\"\"", "null", "256", "[\"ES256\"]", "{}", "\"ES256 \"", "\"\\u0000\"" }.Where(a => a != $"\"{sample.Alg}\""))
            yield return ($"alg {alg}", new ForgedJwt(sample.Header().Replace($"\"{sample.Alg}\"", alg, StringComparison.Ordinal), sample.Payload(), sample.Key).ToString());
        yield return ("no alg", new ForgedJwt(sample.Header().Replace($"\"alg\":\"{sample.Alg}\",", "", StringComparison.Ordinal), sample.Payload(), sample.Key).ToString());

        foreach (var (form, secret) in PublicForms(sample.PublicKey))
            yield return ($"HS256 with the public key as {form}", new ForgedJwt(sample.Header().Replace($"\"{sample.Alg}\"", "\"HS256\"", StringComparison.Ordinal), sample.Payload(), ForgedJwt.ByMac(secret)).ToString());

        foreach (var (name, token) in Strangers(sample)) yield return (name, token);
        foreach (var size in new[] { 0, 1, 32, 63, 64, 65, 128, 256, 257, 512 })
            yield return ($"signature of {size} zeros", new ForgedJwt(sample.Header(), sample.Payload(), _ => new byte[size]).ToString());
        yield return ("signature with a byte more", new ForgedJwt(sample.Header(), sample.Payload(), data => [.. sample.Key(data), 0]).ToString());
        yield return ("signature with a byte less", new ForgedJwt(sample.Header(), sample.Payload(), data => sample.Key(data)[..^1]).ToString());
        yield return ("signature of something else", new ForgedJwt(sample.Header(), sample.Payload(), _ => sample.Key([1, 2, 3])).ToString());
    }

    /// <summary>Signed by a stranger who says where his key is.</summary>
    private static IEnumerable<(string, string)> Strangers(JwtSample sample)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        byte[] EcSign(byte[] data) => ecdsa.SignData(data, HashAlgorithmName.SHA256);
        byte[] RsaSign(byte[] data) => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var jwk = SingleUse.JwksOf(ecdsa)["{\"keys\":[".Length..^2];
        foreach (var more in new[] { null, "\"jwk\":" + jwk, "\"jku\":\"https://evil.test/jwks\"", "\"x5u\":\"https://evil.test/cert\"", "\"x5c\":[\"MIIB\"]" })
        {
            yield return ($"a stranger's EC key, {more?[..5]}", new ForgedJwt(sample.Header(more).Replace($"\"{sample.Alg}\"", "\"ES256\"", StringComparison.Ordinal), sample.Payload(), EcSign).ToString());
            yield return ($"a stranger's RSA key, {more?[..5]}", new ForgedJwt(sample.Header(more).Replace($"\"{sample.Alg}\"", "\"RS256\"", StringComparison.Ordinal), sample.Payload(), RsaSign).ToString());
        }

        foreach (var secret in new byte[][] { [], [0], new byte[32], "secret"u8.ToArray(), "null"u8.ToArray() })
            yield return ($"HS256 with {secret.Length} guessable bytes", new ForgedJwt(sample.Header().Replace($"\"{sample.Alg}\"", "\"HS256\"", StringComparison.Ordinal), sample.Payload(), ForgedJwt.ByMac(secret)).ToString());
    }

    private static IEnumerable<(string, byte[])> PublicForms(AsymmetricAlgorithm? key)
    {
        if (key is null) yield break;
        var pem = key.ExportSubjectPublicKeyInfoPem();
        yield return ("SPKI", key.ExportSubjectPublicKeyInfo());
        yield return ("PEM", Encoding.ASCII.GetBytes(pem));
        yield return ("PEM with a line end", Encoding.ASCII.GetBytes(pem + "\n"));
        if (key is RSA rsa)
        {
            yield return ("PKCS#1", rsa.ExportRSAPublicKey());
            yield return ("modulus", rsa.ExportParameters(false).Modulus!);
        }
        else
        {
            var q = ((ECDsa)key).ExportParameters(false).Q;
            yield return ("x", q.X!);
            yield return ("point", [4, .. q.X!, .. q.Y!]);
        }
    }

    /// <summary>Signed with the real key, in a form that no token of ours has.</summary>
    public static IEnumerable<(string Name, string Token)> Malformed(JwtSample sample)
    {
        foreach (var typ in new[] { "logout+jwt", "dpop+jwt", "secevent+jwt", "entity-statement+jwt", "", "x" })
            yield return ($"typ {typ}", Header(sample.Header().Replace($"\"typ\":\"{sample.Type}\"", $"\"typ\":\"{typ}\"", StringComparison.Ordinal)));
        foreach (var typ in new[] { "1", "[]", "{}", "null", "[\"JWT\"]" })
            yield return ($"typ {typ}", Header(sample.Header().Replace($"\"typ\":\"{sample.Type}\"", "\"typ\":" + typ, StringComparison.Ordinal)));
        foreach (var more in new[] { "\"crit\":[\"exp\"]", "\"crit\":[]", "\"crit\":[\"b64\"],\"b64\":false", "\"crit\":\"x\"", "\"crit\":null", "\"crit\":[\"alg\"]", "\"alg\":\"none\"", $"\"alg\":\"{sample.Alg}\"", "\"typ\":\"x\"", "\"kid\":1,\"x\":1", "\"x\":NaN" })
            yield return ($"header with {more}", Header(sample.Header(more)));
        foreach (var kid in new[] { "\"unknown\"", "\"\"", "1", "[]", "\"../../../dev/null\"", "\"' OR 1=1 --\"", "\"" + new string('k', 5000) + "\"" })
            if (sample.Kid is not null) yield return ($"kid {kid[..Math.Min(20, kid.Length)]}", Header(sample.Header().Replace($"\"{sample.Kid}\"", kid, StringComparison.Ordinal)));
        foreach (var header in new[] { "", "{}", "[]", "null", "1", "\"x\"", "{", sample.Header() + "{}", sample.Header() + " x", "\ufeff" + sample.Header(), sample.Header() + "\0", Deep() })
            yield return ($"header {header[..Math.Min(8, header.Length)]}", Header(header));

        var good = sample.Payload();
        foreach (var payload in new[] { "", "{}", "[]", "null", "1", "\"x\"", "{", good + "{}", good + "x", "\ufeff" + good, good + "\0", "[" + good + "]", Deep(), good[..^1] + ",\"x\":\"\\ud800\"}", good[..^1] + ",\"x\":tru}", good[..^1] + ",}", "{\"x\":'y'," + good[1..], "/**/" + good })
            yield return ($"payload {payload[..Math.Min(8, payload.Length)]}…{payload[Math.Max(0, payload.Length - 8)..]}", Payload(payload));
        foreach (var (name, json) in sample.Claims)
            yield return ($"{name} twice", Payload(good[..^1] + $",\"{name}\":{json.Replace("~", "two", StringComparison.Ordinal)}}}"));
        yield return ("oversized", Payload(good[..^1] + ",\"x\":\"" + new string('x', 70_000) + "\"}"));

        var whole = new ForgedJwt(sample.Header(), good, sample.Key).ToString();
        var parts = whole.Split('.');
        foreach (var text in new[] { whole + ".", "." + whole, whole + ".x", parts[0] + "." + parts[1], parts[0] + "." + parts[1] + ".", "." + parts[1] + "." + parts[2], parts[0] + ".." + parts[2], whole + "=", whole + "==", whole + "%20x", whole + ",x", whole + "\u00e9", parts[1] + "." + parts[0] + "." + parts[2], whole + "." + parts[0] + "." + parts[1], "{\"payload\":\"x\"}", "...", "....", "eyJ", "a.b.c" })
            yield return ($"compact form …{text[Math.Max(0, text.Length - 6)..]}", text);

        string Header(string header) => new ForgedJwt(header, sample.Payload(), sample.Key).ToString();
        string Payload(string payload) => new ForgedJwt(sample.Header(), payload, sample.Key).ToString();
        static string Deep() => string.Concat(Enumerable.Repeat("{\"x\":", 200)) + "1" + new string('}', 200);
    }

    /// <summary>Claims that make the token worthless.</summary>
    public static IEnumerable<(string Name, string Token)> Claims(JwtSample sample, IEnumerable<(string Claim, string? Json)> wrong)
    {
        foreach (var (claim, json) in wrong)
            yield return ($"{claim} = {json ?? "missing"}", new ForgedJwt(sample.Header(), sample.With(claim, json), sample.Key).ToString());
    }

    /// <summary>Bytes flipped, lost, added and swapped by chance, the same chance in every run.</summary>
    public static IEnumerable<(string Name, string Token)> Damaged(Func<string> whole, int count, ulong seed)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ~%";
        var chance = new Chance(seed);
        for (var i = 0; i < count; i++)
        {
            var text = new StringBuilder(whole());
            var before = text.ToString();
            while (text.ToString() == before)
            {
                for (var changes = 1 + chance.Below(3); changes > 0 && text.Length > 1; changes--)
                {
                    var at = chance.Below(text.Length);
                    switch (chance.Below(4))
                    {
                        case 0: text[at] = Alphabet[chance.Below(Alphabet.Length)]; break;
                        case 1: text.Remove(at, 1 + chance.Below(Math.Min(20, text.Length - at))); break;
                        case 2: text.Insert(at, Alphabet[chance.Below(Alphabet.Length)]); break;
                        default: (text[at], text[^1]) = (text[^1], text[at]); break;
                    }
                }

                // White space around a token in a header is not part of it.
                if (text.ToString().Trim() == before) text.Clear().Append(before);
            }

            yield return ($"damage {i}", text.ToString());
        }
    }
}

/// <summary>Chance that is the same in every run.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public int Below(int limit)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)((_state >> 11) % (ulong)limit);
    }
}
