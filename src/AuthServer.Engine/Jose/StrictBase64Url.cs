using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace AuthServer.Engine.Jose;

/// <summary>
/// base64url as RFC 7515 §2 means it: no padding, no white space, and one spelling per value. The platform's decoder forgives padding and white
/// space, which would let one signature be written in several ways; unused bits that are not zero it refuses itself.
/// </summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<char> _alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(_alphabet)) return false;

        var result = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, result, out _, out var written) != OperationStatus.Done) return false;
        bytes = written == result.Length ? result : result[..written];
        return true;
    }

    /// <summary>As <see cref="TryDecode"/>, and at least one byte.</summary>
    public static byte[]? DecodeOrNull(string? text) => text is { Length: > 0 } && TryDecode(text, out var bytes) ? bytes : null;
}
