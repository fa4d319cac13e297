using System.Text.Json;

namespace AuthServer.ProtocolTests.Import;

/// <summary>Password hashes that other tools made; each file in <c>vectors</c> says which, and <c>make.py</c> how.</summary>
internal static class KnownAnswers
{
    public static IReadOnlyList<string> Names { get; } = [.. Directory.GetFiles(Folder, "*.json").Select(static f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Import", "vectors");

    public static IReadOnlyList<(string Password, string Hash)> Read(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")));
        return [.. json.RootElement.GetProperty("hashes").EnumerateArray().Select(static h => (h.GetProperty("password").GetString()!, h.GetProperty("hash").GetString()!))];
    }
}
