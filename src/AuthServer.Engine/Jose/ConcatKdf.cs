using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AuthServer.Engine.Jose;

/// <summary>The key derivation of ECDH-ES (RFC 7518 §4.6.2; NIST SP 800-56A §5.8.1) with SHA-256.</summary>
internal static class ConcatKdf
{
    /// <param name="agreed">Z, the raw agreement.</param>
    /// <param name="algorithm">The <c>enc</c> value in direct key agreement.</param>
    /// <param name="partyU">Decoded <c>apu</c>.</param>
    /// <param name="partyV">Decoded <c>apv</c>.</param>
    /// <param name="keySize">Bytes.</param>
    public static byte[] Derive(ReadOnlySpan<byte> agreed, string algorithm, ReadOnlySpan<byte> partyU, ReadOnlySpan<byte> partyV, int keySize)
    {
        var key = new byte[keySize];
        Span<byte> number = stackalloc byte[4];
        Span<byte> round = stackalloc byte[SHA256.HashSizeInBytes];
        var written = 0;
        for (uint counter = 1; written < keySize; counter++)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Append(hash, number, counter);
            hash.AppendData(agreed);
            AppendWithLength(hash, number, Encoding.ASCII.GetBytes(algorithm));
            AppendWithLength(hash, number, partyU);
            AppendWithLength(hash, number, partyV);
            Append(hash, number, (uint)keySize * 8);
            hash.GetHashAndReset(round);

            var take = Math.Min(round.Length, keySize - written);
            round[..take].CopyTo(key.AsSpan(written));
            written += take;
        }
        return key;
    }

    private static void AppendWithLength(IncrementalHash hash, Span<byte> number, ReadOnlySpan<byte> value)
    {
        Append(hash, number, (uint)value.Length);
        hash.AppendData(value);
    }

    private static void Append(IncrementalHash hash, Span<byte> number, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(number, value);
        hash.AppendData(number);
    }
}
