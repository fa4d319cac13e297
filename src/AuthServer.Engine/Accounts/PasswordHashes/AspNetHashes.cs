using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;

namespace AuthServer.Engine.Accounts.PasswordHashes;

/// <summary>The two formats of ASP.NET Identity, in base64: a leading 0x00 is PBKDF2 with SHA-1 and 1 000 rounds, 0x01 says function, rounds and length of the salt in a header of its own.</summary>
/// <remarks>The framework computes; it would believe any number of rounds, so the header is read here first.</remarks>
internal static class AspNetHashes
{
    public const string Version2 = "aspnet-identity v2";
    public const string Version3 = "aspnet-identity v3";

    private const int Version2Length = 1 + 16 + 32;
    private const int Version3Header = 13;

    private static readonly PasswordHasher<User> Framework = new();

    public static HashReading Read(string text)
    {
        var bytes = new byte[text.Length];
        if (text.Length == 0 || !Convert.TryFromBase64String(text, bytes, out var length)) return new HashReading.Unreadable("no known format begins like this");
        var header = bytes.AsSpan(0, length);
        return header switch
        {
            [0x00, ..] when length == Version2Length => Known(Version2, text),
            [0x01, ..] when length > Version3Header => WithHeader(header, text),
            _ => new HashReading.Unreadable("no known format begins like this"),
        };
    }

    private static HashReading WithHeader(ReadOnlySpan<byte> header, string text)
    {
        var (prf, rounds, salt) = (BinaryPrimitives.ReadUInt32BigEndian(header[1..]), BinaryPrimitives.ReadUInt32BigEndian(header[5..]), BinaryPrimitives.ReadUInt32BigEndian(header[9..]));
        var hash = header.Length - Version3Header - salt;
        if (prf > 2 || rounds == 0 || salt is < 16 or > HashBounds.LongestSalt || hash is < HashBounds.ShortestHash or > HashBounds.LongestHash) return new HashReading.Unreadable("it looks like an ASP.NET Identity hash, but is not whole");
        var block = prf switch { 0 => 20, 1 => 32, _ => 64 };
        return HashBounds.Above(Version3, "number of rounds", rounds * ((hash + block - 1) / block), HashBounds.Pbkdf2Rounds) is { } tooCostly ? tooCostly : Known(Version3, text);
    }

    private static HashReading.Known Known(string format, string text) => new(format, password => Framework.VerifyHashedPassword(new User(), text, password) != PasswordVerificationResult.Failed);
}
