using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AuthServer.Cli.Configuration;

/// <summary>A JSON document written as YAML, and back: the core schema (YAML 1.2.2 §10.3), so <c>no</c> is a word and not a falsehood.</summary>
internal static partial class YamlText
{
    /// <summary>More nodes than any configuration has; a few lines of anchors could stand for billions.</summary>
    private const int MostNodes = 1_000_000;

    /// <exception cref="CommandException">It is not YAML, or not one document.</exception>
    public static JsonNode? Read(string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException fault)
        {
            throw new CommandException($"The file is not YAML: {fault.Message}");
        }

        if (yaml.Documents.Count != 1) throw new CommandException("The file must be one YAML document.");
        var left = MostNodes;
        return Read(yaml.Documents[0].RootNode, ref left);
    }

    public static string Write(JsonNode document)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        new YamlStream(new YamlDocument(Of(document))).Save(text, assignAnchors: false);
        // The library ends a document by three dots, which nobody writes by hand.
        return text.ToString().TrimEnd().TrimEnd('.').TrimEnd() + "\n";
    }

    private static JsonNode? Read(YamlNode node, ref int left)
    {
        if (--left < 0) throw new CommandException("The file stands for more than a configuration can be.");
        switch (node)
        {
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach (var (key, value) in mapping)
                    if (key is not YamlScalarNode { Value: { } name } || !members.TryAdd(name, Read(value, ref left))) throw new CommandException($"Line {key.Start.Line}: a name is there twice, or is no text.");
                return members;
            case YamlSequenceNode sequence:
                var items = new JsonArray();
                foreach (var item in sequence) items.Add(Read(item, ref left));
                return items;
            case YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any } plain:
                return Plain(plain.Value ?? "");
            default:
                return JsonValue.Create(((YamlScalarNode)node).Value ?? "");
        }
    }

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => JsonValue.Create(true),
        "false" or "False" or "FALSE" => JsonValue.Create(false),
        _ when Number.IsMatch(text) => JsonNode.Parse(text),
        _ => JsonValue.Create(text),
    };

    private static YamlNode Of(JsonNode? node) => node switch
    {
        null => new YamlScalarNode("null") { Style = ScalarStyle.Plain },
        JsonObject members => new YamlMappingNode(members.Select(static m => KeyValuePair.Create<YamlNode, YamlNode>(Text(m.Key), Of(m.Value)))),
        JsonArray items => new YamlSequenceNode(items.Select(Of)) { Style = items.Count == 0 ? YamlDotNet.Core.Events.SequenceStyle.Flow : YamlDotNet.Core.Events.SequenceStyle.Block },
        _ when node.GetValueKind() == JsonValueKind.String => Text(node.GetValue<string>()),
        _ => new YamlScalarNode(node.ToJsonString()) { Style = ScalarStyle.Plain },
    };

    /// <summary>In quotes where it would be read as something else than text.</summary>
    private static YamlScalarNode Text(string text) => new(text) { Style = Plain(text) is JsonValue value && value.GetValueKind() == JsonValueKind.String && Word.IsMatch(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted };

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]{0,17})\z")]
    private static partial Regex Number { get; }

    /// <summary>What needs no quotes in any version of YAML.</summary>
    [GeneratedRegex(@"\A(?!(?i:y|n|yes|no|on|off)\z)[A-Za-z_/][A-Za-z0-9_/.+@-]*(:[A-Za-z0-9_/.+@-]+)*( [A-Za-z0-9_/.+@-]+)*\z")]
    private static partial Regex Word { get; }
}
