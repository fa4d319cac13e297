using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.ApiKeys;

/// <summary>
/// The wire form of an API key: <c>ask_</c> (a machine's) or <c>pat_</c> (a person's own), 43 characters of base62 that hold 256 random bits, and 6 characters of checksum over
/// all of it (CRC-32, IEEE 802.3). A scanner finds leaked keys by this form, and a mistyped one costs no question to the database.
/// </summary>
public readonly struct ApiKeyText
{
    public const string KeyPrefix = "ask_";
    public const string PersonalPrefix = "pat_";

    /// <summary>Characters of the whole.</summary>
    public const int Length = 4 + RandomLength + ChecksumLength;

    /// <summary>Characters that are shown later, so that a person knows the key again.</summary>
    public const int StartLength = 12;

    private const int RandomLength = 43;
    private const int ChecksumLength = 6;
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> Alphabet = SearchValues.Create(Digits);

    private readonly string _text;

    private ApiKeyText(string text) => _text = text;

    public ApiKeyKind Kind => _text.StartsWith(PersonalPrefix, StringComparison.Ordinal) ? ApiKeyKind.Personal : ApiKeyKind.Machine;

    public string Start => _text[..StartLength];

    public static ApiKeyText New(ApiKeyKind kind)
    {
        var body = (kind == ApiKeyKind.Personal ? PersonalPrefix : KeyPrefix) + RandomNumberGenerator.GetString(Digits, RandomLength);
        return new ApiKeyText(body + Checksum(body));
    }

    /// <summary>Whether somebody meant this to be an API key, good or not.</summary>
    public static bool IsMeant([NotNullWhen(true)] string? text) => text is not null && (text.StartsWith(KeyPrefix, StringComparison.Ordinal) || text.StartsWith(PersonalPrefix, StringComparison.Ordinal));

    /// <summary>False for what <see cref="New"/> cannot have made, a mistyped key for example.</summary>
    public static bool TryRead(string? text, out ApiKeyText key)
    {
        key = default;
        if (!IsMeant(text) || text.Length != Length || text.AsSpan(4).ContainsAnyExcept(Alphabet) || !text.AsSpan(Length - ChecksumLength).SequenceEqual(Checksum(text[..^ChecksumLength]))) return false;
        key = new ApiKeyText(text);
        return true;
    }

    /// <summary>The wire form. Only for the answer that hands it out.</summary>
    public string Reveal() => _text;

    /// <summary>SHA-256 of the wire form: what is stored and looked up.</summary>
    public byte[] Hash() => Handle.HashOf(_text);

    /// <summary>Never the key.</summary>
    public override string ToString() => "***";

    private static string Checksum(string body)
    {
        var crc = uint.MaxValue;
        foreach (var octet in Encoding.ASCII.GetBytes(body))
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1;
        }

        crc = ~crc;
        return string.Create(ChecksumLength, crc, static (digits, rest) =>
        {
            for (var i = digits.Length - 1; i >= 0; i--, rest /= 62) digits[i] = Digits[(int)(rest % 62)];
        });
    }
}
