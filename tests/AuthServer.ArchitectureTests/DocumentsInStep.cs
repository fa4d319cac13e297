using Xunit;

namespace AuthServer.ArchitectureTests;

/// <summary>Documents that are made from the code are what the code makes them. <c>UPDATE_DOCS=1 ./test.sh architecture</c> writes them anew.</summary>
public sealed class DocumentsInStep
{
    [Theory]
    [InlineData("docs/configuration.md")]
    [InlineData("docs/rfc-map.md")]
    public void A_generated_document_is_in_step_with_the_code(string path)
    {
        var made = path switch
        {
            "docs/configuration.md" => ConfigurationDocument.Make(),
            _ => RfcMap.Make(),
        };
        var file = Path.Combine(SourceTree.Root, path);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1") File.WriteAllText(file, made);

        Assert.True(File.Exists(file) && File.ReadAllText(file) == made, $"{path} is behind the code; write it anew with: UPDATE_DOCS=1 ./test.sh architecture");
    }
}
