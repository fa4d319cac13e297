using System.Text.Json;
using System.Text.Json.Serialization;
using AuthServer.Engine.Protocol;

namespace AuthServer.Engine.Clients;

/// <summary>A client as JSON: the metadata names of RFC 7591 §2 are the snake_case of the property names. Secrets are never part of it.</summary>
public static class ClientJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        Converters = { new ScopeSetConverter() },
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatIsNotMetadata, JwksIsAnObject } },
    };

    /// <summary>Every member of a client's metadata.</summary>
    public static IReadOnlyList<string> Members { get; } = [.. Options.GetTypeInfo(typeof(Client)).Properties.Select(static p => p.Name)];

    public static string Write(Client client) => JsonSerializer.Serialize(client, Options);

    public static Client Read(string json) => JsonSerializer.Deserialize<Client>(json, Options) ?? throw new JsonException("A client must be a JSON object.");

    private static void LeaveOutWhatIsNotMetadata(System.Text.Json.Serialization.Metadata.JsonTypeInfo type)
    {
        if (type.Type != typeof(Client)) return;
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i] is { Set: null } or { Name: "secrets" }) type.Properties.RemoveAt(i);
        }
    }

    /// <summary><c>jwks</c> is an object on the wire and text in memory.</summary>
    private static void JwksIsAnObject(System.Text.Json.Serialization.Metadata.JsonTypeInfo type)
    {
        if (type.Type != typeof(Client)) return;
        type.Properties.First(p => p.Name == "jwks").CustomConverter = new RawJsonConverter();
    }

    private sealed class ScopeSetConverter : JsonConverter<ScopeSet>
    {
        public override ScopeSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ScopeSet.TryParse(reader.GetString(), out var scopes) ? scopes : throw new JsonException("scope has characters outside the allowed set.");

        public override void Write(Utf8JsonWriter writer, ScopeSet value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class RawJsonConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.GetRawText();
        }

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value);
    }
}
