using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.Protocol;

/// <summary>Proof Key for Code Exchange (RFC 7636), S256 only: <c>plain</c> protects nothing that TLS does not (RFC 9700 §2.1.1).</summary>
public static class CodeChallenge
{
    public const string S256 = "S256";

    /// <summary>A base64url SHA-256: 43 characters (RFC 7636 §4.2).</summary>
    public static bool IsWellFormed(string challenge) => challenge.Length == 43 && challenge.All(IsBase64Url);

    /// <summary>43 to 128 unreserved characters (RFC 7636 §4.1).</summary>
    public static bool IsVerifier(string verifier) =>
        verifier.Length is >= 43 and <= 128 && verifier.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');

    /// <summary>
    /// RFC 7636 §4.6. A challenge without a verifier fails, and so does a verifier without a challenge: the latter is how a downgrade looks (RFC 9700 §4.8.2).
    /// </summary>
    public static bool Matches(string? challenge, string? verifier)
    {
        if (challenge is null) return verifier is null;
        if (verifier is null || !IsVerifier(verifier)) return false;

        Span<byte> ascii = stackalloc byte[128];
        var length = Encoding.ASCII.GetBytes(verifier, ascii);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(ascii[..length], hash);
        Span<byte> expected = stackalloc byte[43];
        Base64Url.EncodeToUtf8(hash, expected);
        Span<byte> given = stackalloc byte[43];
        return Encoding.ASCII.TryGetBytes(challenge, given, out var written) && written == 43 && CryptographicOperations.FixedTimeEquals(expected, given);
    }

    private static bool IsBase64Url(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
