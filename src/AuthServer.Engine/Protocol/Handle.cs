using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.Protocol;

/// <summary>
/// An opaque value handed to a client or a browser: 256 random bits as base64url. The database keeps only <see cref="Hash"/>, so a stolen
/// database holds nothing that can be presented.
/// </summary>
public readonly struct Handle : IEquatable<Handle>
{
    private const int Size = 32;

    /// <summary>Characters of the wire form.</summary>
    public const int Length = 43;

    private readonly string _value;

    private Handle(string value) => _value = value;

    public static Handle New()
    {
        Span<byte> random = stackalloc byte[Size];
        RandomNumberGenerator.Fill(random);
        return new Handle(Base64Url.EncodeToString(random));
    }

    /// <summary>False for anything that cannot have been made by <see cref="New"/>; such a value never reaches the database.</summary>
    public static bool TryRead([NotNullWhen(true)] string? text, out Handle handle)
    {
        handle = default;
        if (text is not { Length: Length }) return false;

        Span<byte> bytes = stackalloc byte[Size];
        // Not TryDecodeFromChars: that one throws at a character outside the alphabet.
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != Size) return false;
        // The last character carries four unused bits; only their canonical form is ours.
        Span<char> canonical = stackalloc char[Length];
        Base64Url.EncodeToChars(bytes, canonical);
        if (!canonical.SequenceEqual(text)) return false;

        handle = new Handle(text);
        return true;
    }

    /// <summary>The wire form. Only for the response that hands it out.</summary>
    public string Reveal() => _value;

    /// <summary>SHA-256 of the wire form: what is stored and looked up.</summary>
    public byte[] Hash() => HashOf(_value);

    public static byte[] HashOf(string value)
    {
        Span<byte> utf8 = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(value, utf8, out var written)
            ? SHA256.HashData(utf8[..written])
            : SHA256.HashData(Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Never the value: a handle that slips into a log message stays secret.</summary>
    public override string ToString() => "***";

    public bool Equals(Handle other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is Handle other && Equals(other);

    public override int GetHashCode() => string.GetHashCode(_value, StringComparison.Ordinal);

    public static bool operator ==(Handle left, Handle right) => left.Equals(right);

    public static bool operator !=(Handle left, Handle right) => !left.Equals(right);
}
