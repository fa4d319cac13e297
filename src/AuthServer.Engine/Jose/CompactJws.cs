using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace AuthServer.Engine.Jose;

/// <summary>A signature over bytes in its compact form (RFC 7515 §7.1). Well-formed, but nothing is believed yet.</summary>
public sealed class CompactJws
{
    /// <summary>Characters. More than any token, assertion or request object of ours needs.</summary>
    public const int DefaultMaxLength = 16 * 1024;

    private readonly string _compact;
    private readonly int _signedLength;
    private readonly byte[] _signature;

    private CompactJws(string compact, int signedLength, byte[] signature, JsonElement header, byte[] payload)
    {
        _compact = compact;
        _signedLength = signedLength;
        _signature = signature;
        Header = header;
        Payload = payload;
    }

    public JsonElement Header { get; }

    /// <summary>What the header claims. Choosing the algorithm is the verifier's business.</summary>
    public required string Alg { get; init; }
    public string? Kid { get; private init; }
    public string? Typ { get; private init; }
    public string? Cty { get; private init; }
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Exactly three parts of strict base64url, a JSON object without duplicates as header, and no <c>crit</c>, since no extension is understood.</summary>
    public static JwtFault Read(string compact, int maxLength, out CompactJws? jws)
    {
        jws = null;
        if (compact.Length > maxLength) return JwtFault.TooLarge;

        var first = compact.IndexOf('.', StringComparison.Ordinal);
        var second = first < 0 ? -1 : compact.IndexOf('.', first + 1);
        if (second < 0 || compact.IndexOf('.', second + 1) >= 0) return JwtFault.NotThreeParts;

        var text = compact.AsSpan();
        if (!StrictBase64Url.TryDecode(text[..first], out var headerBytes)
            || !StrictBase64Url.TryDecode(text[(first + 1)..second], out var payload)
            || !StrictBase64Url.TryDecode(text[(second + 1)..], out var signature)) return JwtFault.NotBase64Url;

        if (!StrictJson.TryParseObject(headerBytes, out var header)) return JwtFault.HeaderNotJson;
        if (header.TryGetProperty("crit", out _)) return JwtFault.CriticalHeader;
        if (!StrictJson.TryGetString(header, "alg", out var alg)
            || !StrictJson.TryGetOptionalString(header, "kid", out var kid)
            || !StrictJson.TryGetOptionalString(header, "typ", out var typ)
            || !StrictJson.TryGetOptionalString(header, "cty", out var cty)) return JwtFault.MalformedHeader;

        jws = new CompactJws(compact, second, signature, header, payload) { Alg = alg, Kid = kid, Typ = typ, Cty = cty };
        return JwtFault.None;
    }

    /// <summary>The public key a DPoP proof carries in its header (RFC 9449 §4.2). False too when it is a private or symmetric key.</summary>
    public bool TryGetEmbeddedKey([NotNullWhen(true)] out JsonWebKey? key)
    {
        key = null;
        if (!Header.TryGetProperty("jwk", out var json) || !JsonWebKey.TryParse(json, out var found) || found.HasPrivatePart) return false;
        key = found;
        return true;
    }

    /// <summary>
    /// True when one of <paramref name="keys"/> made the signature with one of the <paramref name="allowed"/> algorithms. The header only chooses among
    /// what the caller allows, and a key works with no algorithm but those of its own type.
    /// </summary>
    public bool TryVerify(
        JsonWebKeySet keys, IReadOnlyList<SignatureAlgorithm> allowed, [NotNullWhen(true)] out JsonWebKey? signer, out JwtFault fault)
    {
        signer = null;
        if (SignatureAlgorithm.Find(Alg) is not { } algorithm)
        {
            fault = JwtFault.UnknownAlgorithm;
            return false;
        }
        if (!allowed.Contains(algorithm))
        {
            fault = JwtFault.AlgorithmNotAllowed;
            return false;
        }

        fault = JwtFault.NoKey;
        foreach (var key in keys.Candidates(Kid, algorithm))
        {
            if (key.CreateVerifier(algorithm) is not { } verifier) continue;
            if (Verify(verifier))
            {
                signer = key;
                fault = JwtFault.None;
                return true;
            }
            fault = JwtFault.BadSignature;
        }
        return false;
    }

    /// <summary>With one key that is known already. False also when the header names another algorithm than the verifier's.</summary>
    public bool Verify(SignatureVerifier verifier)
    {
        if (!string.Equals(Alg, verifier.Algorithm.Name, StringComparison.Ordinal)) return false;
        var rented = ArrayPool<byte>.Shared.Rent(_signedLength);
        try
        {
            var length = Encoding.ASCII.GetBytes(_compact.AsSpan(0, _signedLength), rented);
            return verifier.Verify(rented.AsSpan(0, length), _signature);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Signs any bytes under a header of the caller's making, which has to name the credential's algorithm.</summary>
    internal static string Sign(SigningCredential key, ReadOnlySpan<byte> protectedHeader, ReadOnlySpan<byte> payload)
    {
        var header = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(protectedHeader));
        return SignEncoded(key, header, payload);
    }

    /// <param name="key">Signs.</param>
    /// <param name="header">Already base64url.</param>
    /// <param name="payload">As it is.</param>
    internal static string SignEncoded(SigningCredential key, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var signedLength = header.Length + 1 + Base64Url.GetEncodedLength(payload.Length);
        var length = signedLength + 1 + Base64Url.GetEncodedLength(key.SignatureSize);
        var rented = ArrayPool<byte>.Shared.Rent(length + key.SignatureSize);
        try
        {
            var token = rented.AsSpan(0, length);
            header.CopyTo(token);
            token[header.Length] = (byte)'.';
            Base64Url.EncodeToUtf8(payload, token[(header.Length + 1)..]);

            var signature = rented.AsSpan(length, key.SignatureSize);
            if (!key.TrySign(token[..signedLength], signature, out var written) || written != signature.Length)
                throw new InvalidOperationException("The key made a signature of another size than it announces.");
            token[signedLength] = (byte)'.';
            Base64Url.EncodeToUtf8(signature, token[(signedLength + 1)..]);
            return Encoding.ASCII.GetString(token);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
