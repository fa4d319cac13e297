using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.Factors;

/// <summary>Codes that change with the time (RFC 6238, over RFC 4226): SHA-1, six digits, thirty seconds, which is what every app can do.</summary>
internal static class TimedCode
{
    public const int Digits = 6;
    public const int Period = 30;

    /// <summary>Bytes; RFC 4226 §4 asks for 20.</summary>
    public const int SecretSize = 20;

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / Period;

    public static string At(ReadOnlySpan<byte> secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // Named by the RFC; an HMAC does not rest on collisions.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 15)..]) & 0x7fff_ffff;
        return (number % (uint)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The step whose code this is: now, or one to either side for a clock that is not quite right and a person who types slowly (RFC 6238 §5.2). Null for none.</summary>
    public static long? Match(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        if (Clean(code) is not { } digits) return null;
        var typed = Encoding.ASCII.GetBytes(digits);
        long? found = null;
        var current = StepAt(now);
        // All three are always compared: the time does not tell which.
        for (var step = current - 1; step <= current + 1; step++)
            if (CryptographicOperations.FixedTimeEquals(typed, Encoding.ASCII.GetBytes(At(secret, step)))) found = step;
        return found;
    }

    /// <summary>Apps show the code in groups; null for what can be no code.</summary>
    public static string? Clean(string code)
    {
        if (code.Length > 32) return null;
        var digits = string.Concat(code.Where(static c => !char.IsWhiteSpace(c) && c != '-'));
        return digits.Length == Digits && digits.All(char.IsAsciiDigit) ? digits : null;
    }
}
