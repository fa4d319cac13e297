using Xunit;

namespace AuthServer.ArchitectureTests;

public sealed class LayerTests
{
    [Fact]
    public void Every_folder_uses_only_what_the_table_of_layers_allows()
    {
        var references = new References(SourceTree.Files);
        Report.None(Layers.Breaches(SourceTree.Files.Where(file => !file.IsGenerated).SelectMany(references.Of)));
    }

    [Fact]
    public void Our_own_namespaces_are_never_used_globally()
    {
        var globals = SourceTree.Files.SelectMany(GlobalUsings)
            .Concat(SourceTree.FilesBelow("src").Where(IsBuildFile).SelectMany(GlobalUsingItems));
        Report.None(globals);
    }

    [Theory]
    [InlineData("AuthServer.Engine/Protocol", "using AuthServer.Engine.Clients;", "Protocol may use nothing of ours, not Clients")]
    [InlineData("AuthServer.Engine/Jose", "using Microsoft.AspNetCore.Mvc;", "Jose does not use ASP.NET Core")]
    [InlineData("AuthServer.Engine/Accounts", "using AuthServer.Engine.Sessions;", "Accounts may use Protocol, Tickets, Mail, not Sessions")]
    [InlineData("AuthServer.Engine/Tokens", "using AuthServer.Storage;", "not Storage")]
    [InlineData("AuthServer.Engine/Tokens", "using Microsoft.EntityFrameworkCore;", "Tokens does not use EF Core")]
    [InlineData("AuthServer.Engine/Tokens", "    private Engine.Sessions.Session? _session;", "not Sessions")]
    [InlineData("AuthServer.Ui/Pages", "using static AuthServer.Engine.Tokens.Grant;", "not Tokens")]
    [InlineData("AuthServer/Endpoints/Token", "using AuthServer.Endpoints.UserInfo;", "not Endpoints/UserInfo")]
    [InlineData("AuthServer/Endpoints/Token", "    private UserInfo.UserInfoEndpoint? _other;", "not Endpoints/UserInfo")]
    [InlineData("AuthServer/Endpoints/Token", "using AuthServer.Storage;", "not Storage")]
    [InlineData("AuthServer/Dialects/Chat", "using AuthServer.Dialects.Samurai;", "not Dialects/Samurai")]
    [InlineData("AuthServer/Dialects/Chat", "using System.Data.Common;", "A dialect does not use SQL")]
    [InlineData("AuthServer/Jobs", "using AuthServer.Cli;", "not Cli")]
    [InlineData("AuthServer/Storage/Sql", "using Microsoft.EntityFrameworkCore;", "Storage/Sql does not use EF Core")]
    [InlineData("AuthServer/Extras", "using AuthServer.Storage;", "The folder Extras is not in the table")]
    public void A_forbidden_line_is_found_and_named(string folder, string line, string why)
    {
        var file = SourceFile.FromText($"src/{folder}/X.cs", $"{line}\n\nnamespace {folder.Replace('/', '.')};\n\nclass X;");
        var breach = Assert.Single(Layers.Breaches(new References([.. SourceTree.Files, file]).Of(file)));
        Assert.StartsWith($"src/{folder}/X.cs:1: ", breach, StringComparison.Ordinal);
        Assert.Contains(why, breach, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AuthServer.Engine/Tokens", "using AuthServer.Engine.Jose;")]
    [InlineData("AuthServer.Engine/Tokens", "using AuthServer.Engine.Audit;")]
    [InlineData("AuthServer/Endpoints/Token", "using AuthServer.Endpoints;")]
    [InlineData("AuthServer/Endpoints/Token", "/// <see cref=\"UserInfo.UserInfoEndpoint\"/>")]
    [InlineData("AuthServer/Cli", "using Microsoft.EntityFrameworkCore;")]
    public void An_allowed_line_is_let_be(string folder, string line)
    {
        var file = SourceFile.FromText($"src/{folder}/X.cs", $"{line}\n\nnamespace {folder.Replace('/', '.')};\n\nclass X;");
        Assert.Empty(Layers.Breaches(new References([.. SourceTree.Files, file]).Of(file)));
    }

    private static IEnumerable<string> GlobalUsings(SourceFile file) => file.Code.Select((line, index) => (line, index))
        .Where(one => one.line.TrimStart().StartsWith("global using", StringComparison.Ordinal) && one.line.Contains("AuthServer", StringComparison.Ordinal))
        .Select(one => $"{file.Path}:{one.index + 1}: {one.line.Trim()}\n    A file says itself what it uses.");

    private static bool IsBuildFile(string file) => file.EndsWith(".csproj", StringComparison.Ordinal) || file.EndsWith(".props", StringComparison.Ordinal) || file.EndsWith(".targets", StringComparison.Ordinal);

    private static IEnumerable<string> GlobalUsingItems(string file) => File.ReadAllLines(file).Select((line, index) => (line, index))
        .Where(one => one.line.Contains("<Using ", StringComparison.Ordinal) && one.line.Contains("AuthServer", StringComparison.Ordinal))
        .Select(one => $"{Path.GetRelativePath(SourceTree.Root, file)}:{one.index + 1}: {one.line.Trim()}\n    A file says itself what it uses.");
}
