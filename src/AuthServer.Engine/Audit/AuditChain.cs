using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace AuthServer.Engine.Audit;

/// <summary>
/// Chains the lines of the trail: each carries a keyed hash over itself and the hash before it. Whoever can write to the database but does not have the server's key
/// cannot change, insert or take out a line without breaking every hash behind it.
/// </summary>
/// <remarks>Lines cut off at the end leave a shorter chain that is whole; against that, keep the head which <c>audit verify</c> prints somewhere else.</remarks>
public sealed class AuditChain(byte[] key)
{
    /// <param name="before">The hash of the line before; null at the very beginning.</param>
    public byte[] HashOf(byte[]? before, AuditEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            // An array with a fixed order: no two different lines have the same text.
            json.WriteStartArray();
            json.WriteNumberValue(entry.Id);
            json.WriteNumberValue(entry.At.ToUnixTimeMilliseconds());
            json.WriteStringValue(entry.Event.Kind.ToString());
            foreach (var text in new[] { entry.Event.ClientId, entry.Event.Subject, entry.Event.SessionId, entry.Event.Address, entry.Event.Detail, entry.Event.Actor, entry.Event.Target })
                json.WriteStringValue(text);
            json.WriteEndArray();
        }

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(before ?? []);
        hash.AppendData(buffer.WrittenSpan);
        return hash.GetHashAndReset();
    }
}
