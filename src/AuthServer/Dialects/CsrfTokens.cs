using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Jose;
using AuthServer.Engine.Keys;

namespace AuthServer.Dialects;

/// <summary>Whether a request against forgery showed both halves of what it was given.</summary>
internal enum CsrfVerdict
{
    Good,

    /// <summary>The cookie is good, the header says something else.</summary>
    Different,
    Expired,

    /// <summary>The cookie was not made here.</summary>
    Invalid,
}

/// <param name="Raw">40 hex digits, for the header.</param>
/// <param name="Signed">For the cookie: the raw one as a JSON string, the time and a signature, all in base64url, joined by dots. Other alphabets than hex would break clients that decode it as plain base64.</param>
internal sealed record CsrfPair(string Raw, string Signed);

/// <summary>
/// Tokens against cross-site request forgery for old APIs whose clients send cookies: signed double submit. HMAC-SHA256 under a key of their own, so that every node takes what another made.
/// </summary>
internal sealed class CsrfTokens(KeyEncryption encryption, TimeProvider clock)
{
    private const int LongestToken = 512;

    private readonly byte[] _key = encryption.Derive("legacy-csrf");

    public CsrfPair New()
    {
        var raw = RandomNumberGenerator.GetHexString(40, lowercase: true);
        Span<byte> time = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(time, (uint)clock.GetUtcNow().ToUnixTimeSeconds());
        var body = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"\"{raw}\"")) + "." + Base64Url.EncodeToString(time);
        return new CsrfPair(raw, body + "." + Base64Url.EncodeToString(Sign(body)));
    }

    /// <param name="cookie">As signed.</param>
    /// <param name="header">As raw.</param>
    public CsrfVerdict Check(string cookie, string header, TimeSpan lifetime)
    {
        if (cookie.Length > LongestToken || cookie.Split('.') is not [var payload, var time, var signature]) return CsrfVerdict.Invalid;
        if (!StrictBase64Url.TryDecode(signature, out var given) || !CryptographicOperations.FixedTimeEquals(given, Sign(payload + "." + time))) return CsrfVerdict.Invalid;
        if (!StrictBase64Url.TryDecode(time, out var seconds) || seconds.Length != 4 || !StrictBase64Url.TryDecode(payload, out var quoted)) return CsrfVerdict.Invalid;
        if (DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(seconds)) + lifetime <= clock.GetUtcNow()) return CsrfVerdict.Expired;
        return CryptographicOperations.FixedTimeEquals(quoted, Encoding.UTF8.GetBytes($"\"{header}\"")) ? CsrfVerdict.Good : CsrfVerdict.Different;
    }

    private byte[] Sign(string body) => HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(body));
}
