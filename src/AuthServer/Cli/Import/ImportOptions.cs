using System.CommandLine;

namespace AuthServer.Cli.Import;

/// <summary>Options that every import has.</summary>
internal static class ImportOptions
{
    public static Option<bool> DryRun() => new("--dry-run") { Description = "Say what would be done and do nothing." };
}
