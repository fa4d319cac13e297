using System.Globalization;
using System.Text.Json;

namespace AuthServer.Cli.Import;

/// <summary>One value of one person in a file: text, or a list of texts.</summary>
internal readonly record struct Cell(string? Text, IReadOnlyList<string>? Items = null)
{
    private static readonly char[] Separators = [';', '|', ','];

    public static Cell Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => default,
        JsonValueKind.String => new Cell(value.GetString()),
        JsonValueKind.Array => new Cell(null, [.. value.EnumerateArray().Select(static item => NameOf(item)).OfType<string>()]),
        _ => new Cell(value.GetRawText()),
    };

    /// <summary>An entry of a list may be an object with a name.</summary>
    private static string? NameOf(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => item.GetString(),
        JsonValueKind.Object when item.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String => name.GetString(),
        JsonValueKind.Null => null,
        _ => item.GetRawText(),
    };

    public string? Value => string.IsNullOrWhiteSpace(Text) || string.Equals(Text.Trim(), "null", StringComparison.OrdinalIgnoreCase) ? null : Text.Trim();

    /// <summary>In text, by semicolons, bars or commas.</summary>
    public IReadOnlyList<string> List => Items ?? (Value is { } text ? text.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : []);

    public bool? Truth(string column) => Value?.ToUpperInvariant() switch
    {
        null => null,
        "TRUE" or "T" or "1" or "YES" or "Y" or "ON" => true,
        "FALSE" or "F" or "0" or "NO" or "N" or "OFF" => false,
        _ => throw new FormatException($"{column} must be true or false"),
    };

    public int? Number(string column) => Value is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new FormatException($"{column} must be a number from 1 to 2147483647");

    /// <summary>ISO 8601, or seconds or milliseconds since 1970; without a zone, UTC.</summary>
    public DateTimeOffset? Time(string column)
    {
        if (Value is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count < 10_000_000_000_000) return count < 100_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(count) : DateTimeOffset.FromUnixTimeMilliseconds(count);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : throw new FormatException($"{column} must be a time, like 2024-05-01T12:00:00Z");
    }
}
