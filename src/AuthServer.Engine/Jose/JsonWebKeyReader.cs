using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text.Json;

namespace AuthServer.Engine.Jose;

/// <summary>Reads one JWK (RFC 7517 §4, RFC 7518 §6). False for a type we do not know and for members that are missing, malformed or of the wrong size.</summary>
internal static class JsonWebKeyReader
{
    private const int MaxNameLength = 512;
    private const int MaxKeyOps = 16;
    // A public operation costs the square of the modulus; a client's key must not be a weapon.
    private const int MaxModulusBytes = 1024;
    private const int MaxExponentBytes = 8;
    private const int MaxSecretBytes = 1024;

    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out JsonWebKey? key)
    {
        key = null;
        if (json.ValueKind != JsonValueKind.Object) return false;
        try
        {
            if (!StrictJson.TryGetString(json, "kty", out var kty)) return false;
            if (!TryReadNames(json, out var names)) return false;
            key = kty switch
            {
                KeyTypes.Rsa => ReadRsa(json, names),
                KeyTypes.Ec => ReadEc(json, names),
                KeyTypes.Oct => ReadOct(json, names),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Only for an element that did not come through StrictJson: a string that is no text.
            key = null;
        }
        return key is not null;
    }

    private static bool TryReadNames(JsonElement json, out Names names)
    {
        names = default;
        if (!StrictJson.TryGetOptionalString(json, "kid", out var kid) || kid?.Length > MaxNameLength) return false;
        if (!StrictJson.TryGetOptionalString(json, "alg", out var alg)) return false;
        if (!StrictJson.TryGetOptionalString(json, "use", out var use)) return false;

        List<string>? operations = null;
        if (json.TryGetProperty("key_ops", out var list))
        {
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxKeyOps) return false;
            operations = [];
            foreach (var item in list.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.String) return false;
                operations.Add(item.GetString()!);
            }
        }
        names = new Names(kid, alg, use, operations);
        return true;
    }

    private static JsonWebKey? ReadRsa(JsonElement json, Names names)
    {
        if (Unsigned(json, "n", MaxModulusBytes) is not { } n || Unsigned(json, "e", MaxExponentBytes) is not { } e) return null;
        // e = 1 would make every message its own signature; an even one is no RSA key.
        if ((e[^1] & 1) == 0 || (e.Length == 1 && e[0] < 3)) return null;

        JsonWebKey.PrivatePart? secret = null;
        if (json.TryGetProperty("d", out _))
        {
            // §6.3.2: without the primes the platform cannot use it, and more than two primes (oth) nobody can.
            if (json.TryGetProperty("oth", out _)) return null;
            if (Unsigned(json, "d", n.Length) is not { } d || Unsigned(json, "p", n.Length) is not { } p || Unsigned(json, "q", n.Length) is not { } q) return null;
            if (Unsigned(json, "dp", n.Length) is not { } dp || Unsigned(json, "dq", n.Length) is not { } dq || Unsigned(json, "qi", n.Length) is not { } qi) return null;
            secret = new() { D = Text(d), P = Text(p), Q = Text(q), Dp = Text(dp), Dq = Text(dq), Qi = Text(qi) };
        }
        var bits = n.Length * 8 - BitOperations.LeadingZeroCount((uint)n[0]) + 24;
        return new JsonWebKey
        {
            Kty = KeyTypes.Rsa, Kid = names.Kid, Alg = names.Alg, Use = names.Use, KeyOps = names.KeyOps,
            N = Text(n), E = Text(e), KeySize = bits, Private = secret,
        };
    }

    private static JsonWebKey? ReadEc(JsonElement json, Names names)
    {
        if (!StrictJson.TryGetString(json, "crv", out var crv) || EllipticCurve.Find(crv) is not { } curve) return null;
        // §6.2.1.2: always the full size of a coordinate.
        if (Fixed(json, "x", curve.CoordinateSize) is not { } x || Fixed(json, "y", curve.CoordinateSize) is not { } y) return null;

        JsonWebKey.PrivatePart? secret = null;
        if (json.TryGetProperty("d", out _))
        {
            if (Fixed(json, "d", curve.CoordinateSize) is not { } d) return null;
            secret = new() { D = Text(d) };
        }
        return new JsonWebKey
        {
            Kty = KeyTypes.Ec, Kid = names.Kid, Alg = names.Alg, Use = names.Use, KeyOps = names.KeyOps,
            Crv = curve.Name, X = Text(x), Y = Text(y), KeySize = curve.Name == "P-521" ? 521 : curve.CoordinateSize * 8, Private = secret,
        };
    }

    private static JsonWebKey? ReadOct(JsonElement json, Names names)
    {
        if (!StrictJson.TryGetString(json, "k", out var text) || StrictBase64Url.DecodeOrNull(text) is not { Length: <= MaxSecretBytes } k) return null;
        return new JsonWebKey
        {
            Kty = KeyTypes.Oct, Kid = names.Kid, Alg = names.Alg, Use = names.Use, KeyOps = names.KeyOps,
            KeySize = k.Length * 8, Private = new() { K = text },
        };
    }

    private static byte[]? Fixed(JsonElement json, string name, int size) =>
        StrictJson.TryGetString(json, name, out var text) && StrictBase64Url.DecodeOrNull(text) is { } bytes && bytes.Length == size ? bytes : null;

    /// <summary>RFC 7518 §2 Base64urlUInt. Leading zeros, which some libraries write, are taken off: one key, one thumbprint.</summary>
    private static byte[]? Unsigned(JsonElement json, string name, int maxSize)
    {
        if (!StrictJson.TryGetString(json, name, out var text) || StrictBase64Url.DecodeOrNull(text) is not { } bytes) return null;
        var start = bytes.AsSpan().IndexOfAnyExcept((byte)0);
        if (start < 0 || bytes.Length - start > maxSize) return null;
        return bytes[start..];
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private readonly record struct Names(string? Kid, string? Alg, string? Use, IReadOnlyList<string>? KeyOps);
}
