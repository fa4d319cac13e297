using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace AuthServer.Engine.Jose;

/// <summary>The five parts of a compact JWE, well-formed (RFC 7516 §5.2). No <c>crit</c>; no <c>zip</c>, whose output has no limit.</summary>
internal sealed class JweParts
{
    public required JsonElement Header { get; init; }
    public required string Alg { get; init; }
    public required ContentEncryption Encryption { get; init; }
    public string? Kid { get; init; }
    public string? Cty { get; init; }
    public required byte[] EncryptedKey { get; init; }
    public required byte[] Iv { get; init; }
    public required byte[] Ciphertext { get; init; }
    public required byte[] Tag { get; init; }

    /// <summary>The header as it was sent: what the tag covers besides the ciphertext.</summary>
    public required byte[] Additional { get; init; }

    public static bool TryRead(string compact, [NotNullWhen(true)] out JweParts? parts)
    {
        parts = null;
        var text = compact.AsSpan();
        Span<Range> ranges = stackalloc Range[6];
        if (text.Split(ranges, '.') != 5) return false;

        if (!StrictBase64Url.TryDecode(text[ranges[0]], out var headerBytes)
            || !StrictBase64Url.TryDecode(text[ranges[1]], out var encryptedKey)
            || !StrictBase64Url.TryDecode(text[ranges[2]], out var iv)
            || !StrictBase64Url.TryDecode(text[ranges[3]], out var ciphertext)
            || !StrictBase64Url.TryDecode(text[ranges[4]], out var tag)) return false;

        if (!StrictJson.TryParseObject(headerBytes, out var header)) return false;
        if (header.TryGetProperty("crit", out _) || header.TryGetProperty("zip", out _)) return false;
        if (!StrictJson.TryGetString(header, "alg", out var alg)
            || !StrictJson.TryGetString(header, "enc", out var enc)
            || !StrictJson.TryGetOptionalString(header, "kid", out var kid)
            || !StrictJson.TryGetOptionalString(header, "cty", out var cty)
            || ContentEncryption.Find(enc) is not { } encryption) return false;

        parts = new JweParts
        {
            Header = header, Alg = alg, Encryption = encryption, Kid = kid, Cty = cty, EncryptedKey = encryptedKey, Iv = iv,
            Ciphertext = ciphertext, Tag = tag, Additional = Encoding.ASCII.GetBytes(text[ranges[0]].ToString()),
        };
        return true;
    }
}
