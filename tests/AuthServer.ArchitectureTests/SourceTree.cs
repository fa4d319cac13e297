namespace AuthServer.ArchitectureTests;

/// <summary>What the rules are about: the files of <c>src</c>, without what the build makes.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } =
        [.. FilesBelow("src").Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".cshtml", StringComparison.Ordinal)).Select(file => SourceFile.Read(Root, file))];

    public static IEnumerable<string> FilesBelow(string folder) => Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
        .Where(static file => !file.Replace('\\', '/').Split('/').Any(static part => part is "obj" or "bin" or "node_modules" or "TestResults"))
        .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IdentityServer.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
