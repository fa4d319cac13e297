using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AuthServer.Engine.Accounts;
using AuthServer.Hosting;
using AuthServer.Ui;

namespace AuthServer.ArchitectureTests;

/// <summary>Makes docs/configuration.md from the options classes: their section, their properties' summaries, defaults and ranges.</summary>
internal static partial class ConfigurationDocument
{
    public static string Make()
    {
        var text = new StringBuilder("# Settings\n\nMade from the code. By `appsettings.json` or the environment (`Tokens__AccessTokenLifetime=600`). A name that no option knows stops the start.\n\n")
            .Append("Besides these: `AUTHSERVER_HOME` (folder of database, keys and certificates), `Storage:Provider` (`Sqlite` or `PostgreSql`), `ConnectionStrings:AuthServer`, `Urls`, `DOTNET_ENVIRONMENT`, `Clients` and `Scopes` (declared clients and scopes, by their RFC 7591 names), and ASP.NET Core's own (`Kestrel`, `Logging`, `AllowedHosts`).\n");
        foreach (var (section, type) in OptionTypes().OrderBy(o => o.Section, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {(section.Length == 0 ? "(root)" : section)}\n\n{Summary(type, "T:" + type.FullName)}\n\n| name | default | range | meaning |\n|---|---|---|---|\n");
            var defaults = Activator.CreateInstance(type);
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.MetadataToken))
            {
                var range = property.GetCustomAttribute<RangeAttribute>() is { } limits ? $"{limits.Minimum}–{limits.Maximum}" : "";
                text.Append(CultureInfo.InvariantCulture, $"| `{property.Name}` | {Default(property.GetValue(defaults))} | {range} | {Summary(type, $"P:{type.FullName}.{property.Name}")} |\n");
            }
        }

        return text.ToString();
    }

    private static IEnumerable<(string Section, Type Type)> OptionTypes()
    {
        yield return ("", typeof(ServerOptions));
        Assembly[] assemblies = [typeof(AccountOptions).Assembly, typeof(ServerOptions).Assembly, typeof(AuthServerUi).Assembly];
        foreach (var type in assemblies.SelectMany(static a => a.GetTypes()))
        {
            if (type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetField("Section")?.GetRawConstantValue() is string section) yield return (section, type);
        }
    }

    private static string Default(object? value) => value switch
    {
        null or "" or ICollection { Count: 0 } => "",
        bool truth => truth ? "`true`" : "`false`",
        _ => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
    };

    private static string Summary(Type type, string member)
    {
        var file = Path.ChangeExtension(type.Assembly.Location, ".xml");
        var summary = XDocument.Load(file).Descendants("member").FirstOrDefault(m => (string?)m.Attribute("name") == member)?.Element("summary");
        if (summary is null) return "";
        var words = string.Concat(summary.Nodes().Select(static node => node is XElement element ? element.Name == "c" ? $"`{element.Value}`" : ((string?)element.Attribute("cref"))?.Split('.')[^1] ?? element.Value : node.ToString()));
        return Spaces.Replace(words, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }
}
