using System.Text.Encodings.Web;
using System.Text.Json;

namespace AuthServer.Engine.Jose;

/// <summary>How headers and claims are written: base64url follows, so nothing needs escaping for HTML's sake, and <c>at+jwt</c> stays readable.</summary>
internal static class JoseJson
{
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
