using System.Text.RegularExpressions;
using Xunit;

namespace AuthServer.ArchitectureTests;

public sealed partial class NameTests
{
    /// <summary>Whole words at the end: <c>ClientMetadata</c> is a word of RFC 7591, <c>ClientData</c> is none.</summary>
    [GeneratedRegex("(?:Helper|Helpers|Util|Utils|Manager|Service|Services|Processor|Common|Misc|Base|Impl|Data|Info)$")]
    private static partial Regex BannedEnding { get; }

    [Fact]
    public void No_type_has_a_name_that_says_nothing() => Report.None(
        from file in SourceTree.Files.Concat(TestFiles())
        where !file.IsGenerated
        from type in file.Types()
        where BannedEnding.IsMatch(type.Name)
        select $"{file.Path}:{type.Line}: {type.Name}\n    Names end in what the type is (docs/architecture.md §5).");

    [Theory]
    [InlineData("TokenManager", true)]
    [InlineData("ClientData", true)]
    [InlineData("ClientMetadata", false)]
    [InlineData("UserInfoEndpoint", false)]
    [InlineData("DataProtectionRing", false)]
    public void The_rule_is_about_the_last_word(string name, bool banned)
    {
        var type = Assert.Single(SourceFile.FromText("src/AuthServer/X.cs", $"internal sealed record {name}(int A);").Types());
        Assert.Equal(banned, BannedEnding.IsMatch(type.Name));
    }

    [Fact]
    public void Each_folder_under_Endpoints_is_a_name_that_discovery_publishes()
    {
        // `jwks_uri` is no `…_endpoint`, and discovery does not publish itself.
        var published = Endpoints.ProtocolEndpoints.Advertised.Select(endpoint => endpoint.Name.Replace("_endpoint", "", StringComparison.Ordinal)).Append("jwks").Append("discovery")
            .Select(name => name.Replace("_", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var folders = Directory.GetDirectories(Path.Combine(SourceTree.Root, "src", "AuthServer", "Endpoints")).Select(Path.GetFileName)
            .Select(name => name!.ToLowerInvariant()).Order(StringComparer.Ordinal);
        Assert.Equal(published, folders);
    }

    private static IEnumerable<SourceFile> TestFiles() => SourceTree.FilesBelow("tests").Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).Select(file => SourceFile.Read(SourceTree.Root, file));
}
