using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.Interaction;

/// <summary>
/// The codes that people carry from a device to their browser (RFC 8628 §6.1): eight letters without vowels, so that none makes a word, and none that looks like another; 20⁸ of them,
/// about 2³⁴. So few could be tried out against a plain hash in seconds: what is stored is keyed, and without the key the database says nothing of a code.
/// </summary>
/// <param name="key">The same on every node; 32 bytes.</param>
public sealed class UserCodes(byte[] key)
{
    public const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";
    public const int Length = 8;

    /// <summary>Nobody types more, whatever is between the letters.</summary>
    private const int LongestTyped = 64;

    /// <summary>Eight letters, without the dash.</summary>
    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>As people read it, in groups of four: <c>WDJB-MJHT</c>.</summary>
    public static string Show(string code) => code[..4] + "-" + code[4..];

    /// <summary>
    /// What was typed, however it was typed: capitals or not, wide letters of an input method, with dashes, blanks or nothing between. Null where it cannot be a code; then there is nothing to look up.
    /// </summary>
    public static string? Read(string? typed)
    {
        if (typed is null || typed.Length > LongestTyped || !IsText(typed)) return null;
        Span<char> code = stackalloc char[Length];
        var count = 0;
        foreach (var c in typed.Normalize(NormalizationForm.FormKC))
        {
            var letter = char.ToUpperInvariant(c);
            if (Alphabet.Contains(letter, StringComparison.Ordinal))
            {
                if (count == Length) return null;
                code[count++] = letter;
            }
            else if (!char.IsWhiteSpace(c) && !IsDash(c))
            {
                return null;
            }
        }

        return count == Length ? new string(code) : null;
    }

    /// <summary>HMAC-SHA-256: what is stored and looked up.</summary>
    public byte[] Hash(string code) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(code));

    private static bool IsDash(char c) => c is '.' or '·' or '−' || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.DashPunctuation;

    /// <summary>Half a surrogate pair cannot be normalised.</summary>
    private static bool IsText(string typed)
    {
        foreach (var c in typed)
            if (char.IsSurrogate(c)) return false;
        return true;
    }
}
