using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace AuthServer.Engine.Jose;

/// <summary>
/// JSON whose meaning cannot depend on the reader: valid UTF-8, no duplicate member at any level (RFC 7515 §4, RFC 7519 §4), no comment, nothing
/// after the value, and no string that cannot be read as text. What comes out of here can be used without exceptions.
/// </summary>
internal static class StrictJson
{
    private const int MaxDepth = 16;
    private static readonly JsonDocumentOptions _options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    public static bool TryParseObject(ReadOnlyMemory<byte> utf8, out JsonElement value)
    {
        value = default;
        if (!Utf8.IsValid(utf8.Span)) return false;
        try
        {
            if (!StringsAreText(utf8.Span)) return false;
            // Not disposed: the element keeps the document, and what is not returned to the pool is simply collected.
            value = JsonDocument.Parse(utf8, _options).RootElement;
            return value.ValueKind == JsonValueKind.Object;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>False when the member is there and not a string; true with null when it is absent.</summary>
    public static bool TryGetOptionalString(JsonElement element, string name, out string? value)
    {
        value = null;
        if (!element.TryGetProperty(name, out var member)) return true;
        if (member.ValueKind != JsonValueKind.String) return false;
        value = member.GetString();
        return true;
    }

    public static bool TryGetString(JsonElement element, string name, [NotNullWhen(true)] out string? value) =>
        TryGetOptionalString(element, name, out value) && value is not null;

    /// <summary>An escaped lone surrogate is valid JSON, but no string; <see cref="JsonElement.GetString"/> would throw at it later.</summary>
    private static bool StringsAreText(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.Contains((byte)'\\')) return true;
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                _ = reader.GetString();
        return true;
    }
}
