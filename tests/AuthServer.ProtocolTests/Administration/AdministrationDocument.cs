using System.Text.RegularExpressions;
using AuthServer.Engine.Administration;
using AuthServer.Testing;
using Xunit;

namespace AuthServer.ProtocolTests.Administration;

/// <summary>docs/administration.md says what is there.</summary>
public sealed partial class AdministrationDocument(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly Lazy<string> Text = new(static () =>
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "IdentityServer.sln"))) folder = folder.Parent;
        return File.ReadAllText(Path.Combine(folder.FullName, "docs", "administration.md"));
    });

    [Fact]
    public void Its_table_has_every_right_in_the_words_of_the_server() =>
        Assert.Equal(AdminRights.All.Select(static r => $"{r.Name} {r.Description}"), Right.Matches(Text.Value).Select(static m => $"{m.Groups[1].Value} {m.Groups[2].Value}"));

    [Fact]
    public async Task Each_of_its_examples_is_an_operation()
    {
        var operations = (await AdminRoutes.OfDocumentAsync(shared.Server)).Select(static r => $"{r.Method} {r.Short}").ToHashSet(StringComparer.Ordinal);
        var examples = Example.Matches(Text.Value).Select(static m => $"{(m.Groups[1].Success ? m.Groups[1].Value : "GET")} {m.Groups[2].Value}").ToList();

        Assert.True(examples.Count >= 8);
        Assert.All(examples, example => Assert.Contains(example, operations));
    }

    [GeneratedRegex(@"^\| `([a-z_]+:[a-z]+)` \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Right { get; }

    [GeneratedRegex(@"^curl \$A (?:-X ([A-Z]+) )?https://login\.example\.com/api/admin/v1(/[A-Za-z/{}]+)", RegexOptions.Multiline)]
    private static partial Regex Example { get; }
}
