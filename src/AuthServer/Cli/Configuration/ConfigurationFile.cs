using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuthServer.Cli.Configuration;

/// <summary>The file of a configuration: YAML where its name ends so, otherwise JSON.</summary>
internal static class ConfigurationFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<JsonObject> ReadAsync(FileInfo file, CancellationToken ct)
    {
        if (!file.Exists) throw new CommandException($"There is no file {file.FullName}.");
        var text = await File.ReadAllTextAsync(file.FullName, ct);
        return (IsYaml(file) ? YamlText.Read(text) : Json(text)) as JsonObject ?? throw new CommandException("The file must be one object with the members version, rights, roles, organizations, groups, scopes and clients.");
    }

    public static Task WriteAsync(FileInfo file, JsonObject document, CancellationToken ct) =>
        File.WriteAllTextAsync(file.FullName, IsYaml(file) ? YamlText.Write(document) : document.ToJsonString(Indented) + "\n", ct);

    private static bool IsYaml(FileInfo file) => file.Extension is ".yaml" or ".yml";

    private static JsonNode? Json(string text)
    {
        try
        {
            // A member that is there twice is a mistake, and whichever counted would be the wrong one.
            return JsonNode.Parse(text, null, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false });
        }
        catch (JsonException fault)
        {
            throw new CommandException("The file is not JSON: " + fault.Message);
        }
    }
}
