using System.Text.Json;

namespace AuthServer.Cli.Import.OpenIddict;

/// <summary>One row, by the names of its columns without underscores; lists and objects are JSON in text.</summary>
internal sealed class OpenIddictRow(IReadOnlyDictionary<string, string> values)
{
    public string? Text(string column) => values.TryGetValue(column, out var text) && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <exception cref="FormatException">It is no list of texts.</exception>
    public IReadOnlyList<string> List(string column) => Parse(column, static json => json.EnumerateArray().Select(static i => i.GetString()!).ToList()) ?? [];

    /// <exception cref="FormatException">It is no object of texts.</exception>
    public IReadOnlyDictionary<string, string> Map(string column) =>
        Parse(column, static json => json.EnumerateObject().ToDictionary(static m => m.Name, static m => m.Value.ToString(), StringComparer.Ordinal)) ?? [];

    private T? Parse<T>(string column, Func<JsonElement, T> read) where T : class
    {
        if (Text(column) is not { } text) return null;
        try
        {
            using var json = JsonDocument.Parse(text);
            return read(json.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new FormatException($"its {column} is not the JSON that OpenIddict writes");
        }
    }
}
