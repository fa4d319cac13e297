using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace AuthServer.Engine.Jose;

/// <summary>
/// base64url as RFC 7515 §2 means it: no padding, no white space, and one spelling per value. The platform's decoder forgives all three; a
/// forgiving decoder would let one signature be written in several ways.
/// </summary>
internal static class StrictBase64Url
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static readonly SearchValues<char> _alphabet = SearchValues.Create(Letters);

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(_alphabet)) return false;
        if (!UnusedBitsAreZero(text)) return false;

        var result = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, result, out _, out var written) != OperationStatus.Done) return false;
        bytes = written == result.Length ? result : result[..written];
        return true;
    }

    /// <summary>As <see cref="TryDecode"/>, and at least one byte.</summary>
    public static byte[]? DecodeOrNull(string? text) => text is { Length: > 0 } && TryDecode(text, out var bytes) ? bytes : null;

    private static bool UnusedBitsAreZero(ReadOnlySpan<char> text)
    {
        var unused = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return unused == 0 || (Letters.IndexOf(text[^1], StringComparison.Ordinal) & unused) == 0;
    }
}
