using System.Security.Cryptography;
using System.Text;
using AuthServer.Engine.Keys;

namespace AuthServer.Dialects;

/// <summary>HMAC-SHA256 over what a gateway is told of a person, in lower-case hexadecimal: by the dialect's <see cref="DialectSettings.SigningKey"/>, or by a key of this server's own that nobody else has.</summary>
internal sealed class HeaderSignature(KeyEncryption keys)
{
    private readonly byte[] _own = keys.Derive("dialect-header-signature");

    /// <param name="parts">Joined by line feeds; none of them contains one.</param>
    public string Of(DialectSettings settings, params IReadOnlyList<string> parts) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(settings.SigningKey is { Length: > 0 } key ? Encoding.UTF8.GetBytes(key) : _own, Encoding.UTF8.GetBytes(string.Join('\n', parts))));
}
